use serde::{Deserialize, Serialize};

use crate::Span;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }
        impl $name {
            /// All values, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// The code used in JSON and in the lexicon.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// The value with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.code() == code)
            }
        }
    };
}

codes! {
    /// PLOVER's sixteen event types (2022 manual).
    EventType {
        /// Promise or plan to cooperate or aid; an agreement.
        Agree = "AGREE",
        /// Talks, visits, calls, meetings.
        Consult = "CONSULT",
        /// Verbal backing, recognition, signing.
        Support = "SUPPORT",
        /// Giving way to a demand; surrender.
        Concede = "CONCEDE",
        /// Material or institutional cooperation.
        Cooperate = "COOPERATE",
        /// Giving, sending or selling arms, fighters, money or relief.
        Aid = "AID",
        /// Withdrawal, release, ceasefire, disarming, resignation.
        Retreat = "RETREAT",
        /// Demands and calls.
        Request = "REQUEST",
        /// Condemnation, blame, charges, inquiries.
        Accuse = "ACCUSE",
        /// Refusals and breaches.
        Reject = "REJECT",
        /// Threats.
        Threaten = "THREATEN",
        /// Demonstrations, strikes, riots.
        Protest = "PROTEST",
        /// Sanctions, convictions, broken relations.
        Sanction = "SANCTION",
        /// Moving one's own forces.
        Mobilize = "MOBILIZE",
        /// Repression short of physical assault: arrests, sieges, seizures, bans.
        Coerce = "COERCE",
        /// Physical violence.
        Assault = "ASSAULT",
    }
}

impl EventType {
    /// The modes that PLOVER gives this type; `territory` is this project's one addition.
    pub const fn modes(self) -> &'static [&'static str] {
        match self {
            Self::Consult => &["visit", "third-party", "multilateral", "phone"],
            Self::Retreat => &["withdraw", "release", "disarm", "ceasefire", "access", "resign"],
            Self::Request | Self::Reject => &["assist", "change", "yield", "meet"],
            Self::Accuse => &["disapprove", "investigate", "allege"],
            Self::Threaten => &["restrict", "arrest", "relations", "expel", "territory", "violence"],
            Self::Protest => &["demo", "riot", "strike", "hunger", "boycott", "obstruct"],
            Self::Sanction => &["convict", "expel", "withdraw", "discontinue"],
            Self::Mobilize => &["troops", "weapons", "police", "militia"],
            Self::Coerce => &[
                "seize",
                "restrict",
                "censor",
                "curfew",
                "martial-law",
                "arrest",
                "deport",
                "withhold",
                "misinformation",
                "cyber",
            ],
            Self::Assault => &[
                "abduct",
                "beat",
                "torture",
                "sexual",
                "targeted",
                "destroy",
                "primitive",
                "firearms",
                "explosives",
                "suicide-attack",
                "aerial",
                "drone",
                "heavy-weapons",
                "crowd-control",
                "unconventional",
                "territory",
            ],
            Self::Agree | Self::Support | Self::Concede | Self::Cooperate | Self::Aid => &[],
        }
    }
}

codes! {
    /// How the text holds the event.
    Status {
        /// Said to have happened or to be happening.
        Actual = "actual",
        /// Will, intends.
        Planned = "planned",
        /// May, seems.
        Possible = "possible",
        /// The content of a demand, call or wish.
        Wanted = "wanted",
        /// Under a condition.
        Conditional = "conditional",
        /// Asked.
        Question = "question",
    }
}

codes! {
    /// Whether the event is said to have happened or not to have.
    Polarity {
        /// Said to happen.
        Positive = "positive",
        /// Said not to.
        Negative = "negative",
    }
}

codes! {
    /// How a number bounds the true count.
    Bound {
        /// Neither more nor less.
        Exact = "exact",
        /// نحو، حوالي
        About = "about",
        /// على الأقل
        AtLeast = "at_least",
        /// أكثر من
        MoreThan = "more_than",
        /// حتى، ما يصل إلى
        UpTo = "up_to",
    }
}

/// Goods, people or weapons given, moved, used or destroyed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    /// The words.
    pub span: Span,
    /// English class, e.g. `fighter aircraft`; as written where the lexicon does not know it.
    pub what: String,
    /// Class in the weapons list, e.g. `aircraft`, where it is a weapon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Family in the weapons list, e.g. `fighter`, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Model, e.g. `MiG-29`.
    pub model: Option<String>,
    /// How many, where stated.
    #[serde(with = "crate::number::optional")]
    pub count: Option<f64>,
    /// How the number bounds the count.
    pub bound: Bound,
    /// Whether it is a part of another thing of the same event.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part: bool,
}

/// People killed and injured, where an event states them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Harm {
    /// Number killed, where stated.
    pub killed: Option<u64>,
    /// Number injured, where stated.
    pub injured: Option<u64>,
    /// How the numbers bound the counts.
    pub bound: Bound,
}

/// A stated time and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// The words.
    pub span: Span,
    /// Date, time, period or month in EDTF or ISO 8601 (`2020-05-27`, `2020-W21`, `2015/2017`).
    pub value: String,
}

/// Who did what to whom, with what, where, when: as claimed by a statement or by the outlet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Identifier within the reading, `ev1`, `ev2`, …
    pub id: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// PLOVER mode, where one applies.
    pub mode: Option<String>,
    /// The word that names the happening.
    pub trigger: Span,
    /// Who does it.
    pub actor: Vec<Span>,
    /// To whom.
    pub recipient: Vec<Span>,
    /// With or about what goods.
    pub things: Vec<Thing>,
    /// Where.
    pub place: Vec<Span>,
    /// When, as written.
    pub time: Vec<Span>,
    /// When, resolved against the publication date; none where the text states no time or gives no anchor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// How the text holds it.
    pub status: Status,
    /// Said to happen or not to.
    pub polarity: Polarity,
    /// The innermost statement that says it; none where the outlet itself does.
    pub statement: Option<String>,
    /// Deaths and injuries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harm: Option<Harm>,
}
