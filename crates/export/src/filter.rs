//! Which events go into an export.

use std::collections::BTreeMap;

use model::{Event, EventType, Polarity, Status};

/// Which events go into an export; an empty list lets all through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// PLOVER types.
    pub types: Vec<EventType>,
    /// PLOVER modes.
    pub modes: Vec<String>,
    /// How the text holds them.
    pub statuses: Vec<Status>,
    /// Said to happen or not to.
    pub polarities: Vec<Polarity>,
}

impl Filter {
    /// Whether an event goes in.
    pub fn keeps(&self, event: &Event) -> bool {
        (self.types.is_empty() || self.types.contains(&event.kind))
            && (self.modes.is_empty() || event.mode.as_ref().is_some_and(|m| self.modes.contains(m)))
            && (self.statuses.is_empty() || self.statuses.contains(&event.status))
            && (self.polarities.is_empty() || self.polarities.contains(&event.polarity))
    }

    /// The filters that are set, by name, for a manifest.
    pub fn as_given(&self) -> BTreeMap<String, Vec<String>> {
        let types = self.types.iter().map(|t| t.code().to_string()).collect();
        let statuses = self.statuses.iter().map(|s| s.code().to_string()).collect();
        let polarities = self.polarities.iter().map(|p| p.code().to_string()).collect();
        let all: [(&str, Vec<String>); 4] =
            [("type", types), ("mode", self.modes.clone()), ("status", statuses), ("polarity", polarities)];
        all.into_iter().filter(|f| !f.1.is_empty()).map(|(k, v)| (k.to_string(), v)).collect()
    }
}
