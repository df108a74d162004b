//! Arguments of the commands over a ledger.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ledger::{Dated, Filter, Location, Near, Paging};
use model::{EventType, Polarity, Stance, Status};

use super::{EngineArgs, InputArgs, IntakeArgs};

pub const SEARCH_HELP: &str = "How to search:
  وزير الدفاع          documents with both words, with or without و ف ب ل ك ال and pronouns attached
  \"وزير الدفاع\"        these words as written, side by side
  a OR b, NOT a, \"a -b\"  either, without; parentheses group (quote them, and -b, from the shell)
  قصف*                 words that begin like this
  title:word           in the headline; title:\"two words\" too
  outlet:name          narrows the whole search to an outlet; -outlet:name leaves it out
Hamza, ى/ي, ة/ه, vowel signs and the script of digits never matter.";

pub const WATCH_HELP: &str =
    "The list has a line an address, perhaps with how often it is asked (90s, 30m, 6h, 1d; 15m is usual):
  https://example.org/feed.xml 30m     # a remark
It is read again when it changes. What was seen stands in FILE.state, which moves on only when the ledger holds the
documents: stopped or killed at any moment, nothing is lost. SIGINT (Ctrl-C) and SIGTERM stop it after the document at
hand; a second one at once.

Exit codes:
  0  stopped, or with --once done
  1  the same, and something could not be read
  2  wrong usage, another watcher at work, or a list, state or ledger that cannot be used";

/// Which ledger.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// A file, or `postgres://USER@HOST/DATABASE`.
    #[arg(long, value_name = "PATH|URL", env = "ISNAD_LEDGER", hide_env_values = true, default_value = "isnad.ledger")]
    pub ledger: String,
}

impl LedgerArgs {
    /// Where it is.
    pub fn location(&self) -> Location {
        Location::parse(&self.ledger)
    }
}

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Where articles come from.
    #[command(flatten)]
    pub input: InputArgs,

    /// Which ledger; it is made where there is none.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// How long to wait for another that writes to the ledger, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,

    /// Do not trace across articles now; `isnad trace --update` does it later.
    #[arg(long)]
    pub no_trace: bool,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `watch`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct WatchArgs {
    /// The list of addresses.
    #[arg(value_name = "FILE")]
    pub list: PathBuf,

    /// Which ledger; it is made where there is none.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// Where to keep what was seen [default: FILE.state].
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// Ask what is due, and end: for cron and the like.
    #[arg(long)]
    pub once: bool,

    /// Begin by asking every address, due or not.
    #[arg(long)]
    pub now: bool,

    /// Do not trace across articles now; `isnad trace --update` does it later.
    #[arg(long)]
    pub no_trace: bool,

    /// How sources are taken.
    #[command(flatten)]
    pub intake: IntakeArgs,

    /// Threads [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// Say nothing about what was added and about oddities; errors are still told.
    #[arg(long, short)]
    pub quiet: bool,

    /// Tell every oddity where it is, instead of counting those of one kind.
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `reread`.
#[derive(Debug, Args)]
pub struct RereadArgs {
    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// Also what the present reader, weights and lexicon have read.
    #[arg(long)]
    pub all: bool,

    /// Do not trace across articles now; `isnad trace --update` does it later.
    #[arg(long)]
    pub no_trace: bool,

    /// How long to wait for another that writes to the ledger, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,

    /// Threads [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// Threads [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// Write every fault to this file: one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Forms of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// Columns for the eye.
    Table,
    /// One object a line, with ids, spans and words.
    Jsonl,
    /// A table for spreadsheets.
    Csv,
}

/// How a question is answered.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// Form of the answer [default: by the ending of --output, else table in a terminal, else jsonl].
    #[arg(long, short, value_enum)]
    pub format: Option<RowFormat>,

    /// A file for it.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Most rows; 0 is all [default: 50 in a table, else all].
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,

    /// Go on where the page before ended, as told at its end.
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,

    /// No invisible direction marks in tables.
    #[arg(long)]
    pub plain: bool,
}

impl AskArgs {
    /// A page of so many rows.
    pub fn paging(&self, limit: usize) -> Paging {
        Paging { limit, cursor: self.cursor.clone() }
    }
}

/// Said to happen, or not to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolarityArg {
    /// Said to happen.
    Positive,
    /// Said not to.
    Negative,
}

/// Which date counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DatedArg {
    /// That of the event where the text states one, else that of publication.
    Either,
    /// That of the event; what states none is left out.
    Event,
    /// That of publication.
    Published,
}

/// What the claims have in common. An option may be given several times, codes also by commas: one of its values must hold.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which claims")]
pub struct FilterArgs {
    /// PLOVER type, as AID, or type and mode, as ASSAULT.aerial.
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = event_type)]
    pub types: Vec<(EventType, Option<String>)>,

    /// PLOVER mode.
    #[arg(long = "mode", value_name = "MODE", value_delimiter = ',')]
    pub modes: Vec<String>,

    /// Who does it: a name in any spelling that was read, a country code (RUS), or a key (actor:…).
    #[arg(long = "actor", value_name = "NAME")]
    pub actors: Vec<String>,

    /// To whom.
    #[arg(long = "recipient", value_name = "NAME")]
    pub recipients: Vec<String>,

    /// Country of an actor, recipient or place: ISO 3166 alpha-3 code or name.
    #[arg(long = "country", value_name = "CODE|NAME")]
    pub countries: Vec<String>,

    /// Where: a name, or LATITUDE,LONGITUDE with --radius.
    #[arg(long, value_name = "NAME")]
    pub place: Option<String>,

    /// Everything around the place, in kilometres.
    #[arg(long, value_name = "KM", requires = "place")]
    pub radius: Option<f64>,

    /// First day: 2020-05-27, 2020-05, 2020.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,

    /// Last day.
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,

    /// Which date --from and --to mean.
    #[arg(long, value_enum, default_value = "either")]
    pub dated: Option<DatedArg>,

    /// Outlet that carried it.
    #[arg(long = "outlet", value_name = "NAME")]
    pub outlets: Vec<String>,

    /// Who said it first; `outlet` is the outlet's own voice.
    #[arg(long = "origin", value_name = "NAME")]
    pub origins: Vec<String>,

    /// Who passed it on.
    #[arg(long = "via", value_name = "NAME")]
    pub vias: Vec<String>,

    /// How the text holds it: actual, planned, possible, wanted, conditional, question.
    #[arg(long = "status", value_name = "STATUS", value_delimiter = ',', value_parser = status)]
    pub statuses: Vec<Status>,

    /// Said to happen, or not to.
    #[arg(long, value_enum)]
    pub polarity: Option<PolarityArg>,

    /// How it is said: neutral, assert, reveal, deny, accuse, doubt, urge.
    #[arg(long = "stance", value_name = "STANCE", value_delimiter = ',', value_parser = stance)]
    pub stances: Vec<Stance>,

    /// With loaded words about those who take part, in the same article: pejorative, laudatory, delegitimising, victim;
    /// any kind where none is given.
    #[arg(long, value_name = "KIND", num_args = 0..=1, default_missing_value = "any", value_parser = loaded)]
    pub loaded: Option<String>,

    /// Class, family, model or name of a thing: aircraft, fighter, MiG-29.
    #[arg(long = "thing", value_name = "THING")]
    pub things: Vec<String>,

    /// Only of this document: its id.
    #[arg(long, value_name = "ID", value_parser = document)]
    pub document: Option<ledger::DocumentId>,
}

impl FilterArgs {
    /// The filter that was asked for.
    pub fn filter(&self) -> Filter {
        Filter {
            types: self.types.iter().map(|t| t.0).collect(),
            modes: self.types.iter().filter_map(|t| t.1.clone()).chain(self.modes.iter().cloned()).collect(),
            actors: self.actors.clone(),
            recipients: self.recipients.clone(),
            countries: self.countries.clone(),
            place: self.place.as_ref().map(|name| Near { name: name.clone(), radius_km: self.radius }),
            from: self.from.clone(),
            to: self.to.clone(),
            dated: match self.dated {
                None | Some(DatedArg::Either) => Dated::Either,
                Some(DatedArg::Event) => Dated::Event,
                Some(DatedArg::Published) => Dated::Publication,
            },
            outlets: self.outlets.clone(),
            origins: self.origins.clone(),
            vias: self.vias.clone(),
            statuses: self.statuses.clone(),
            polarity: self.polarity.map(|p| match p {
                PolarityArg::Positive => Polarity::Positive,
                PolarityArg::Negative => Polarity::Negative,
            }),
            stances: self.stances.clone(),
            loaded: self.loaded.clone(),
            things: self.things.clone(),
            document: self.document,
            with_things: false,
        }
    }
}

impl FilterArgs {
    /// What was given, by name, for a manifest.
    pub fn as_given(&self) -> BTreeMap<String, Vec<String>> {
        let one = |v: Option<String>| v.into_iter().collect::<Vec<_>>();
        let types = self.types.iter().map(|(t, mode)| match mode {
            None => t.code().to_string(),
            Some(mode) => format!("{}.{mode}", t.code()),
        });
        let dated = self.dated.filter(|_| self.from.is_some() || self.to.is_some());
        let named = |v: Option<clap::builder::PossibleValue>| one(v.map(|v| v.get_name().to_string()));
        let all = [
            ("type", types.collect()),
            ("mode", self.modes.clone()),
            ("actor", self.actors.clone()),
            ("recipient", self.recipients.clone()),
            ("country", self.countries.clone()),
            ("place", one(self.place.clone())),
            ("radius", one(self.radius.map(|r| r.to_string()))),
            ("from", one(self.from.clone())),
            ("to", one(self.to.clone())),
            ("dated", named(dated.and_then(|d| d.to_possible_value()))),
            ("outlet", self.outlets.clone()),
            ("origin", self.origins.clone()),
            ("via", self.vias.clone()),
            ("status", self.statuses.iter().map(|s| s.code().to_string()).collect()),
            ("polarity", named(self.polarity.and_then(|p| p.to_possible_value()))),
            ("stance", self.stances.iter().map(|s| s.code().to_string()).collect()),
            ("loaded", one(self.loaded.clone())),
            ("thing", self.things.clone()),
            ("document", one(self.document.map(|d| d.to_string()))),
        ];
        all.into_iter().filter(|(_, v): &(_, Vec<String>)| !v.is_empty()).map(|(k, v)| (k.into(), v)).collect()
    }
}

/// Arguments of `events` and `statements`.
#[derive(Debug, Args)]
pub struct EventsArgs {
    /// How it is answered.
    #[command(flatten)]
    pub ask: AskArgs,

    /// Which claims.
    #[command(flatten)]
    pub filter: FilterArgs,
}

/// Arguments of `actors`.
#[derive(Debug, Args)]
pub struct ActorsArgs {
    /// Only those called so.
    pub name: Option<String>,

    /// How it is answered.
    #[command(flatten)]
    pub ask: AskArgs,

    /// In which claims.
    #[command(flatten)]
    pub filter: FilterArgs,
}

/// Arguments of `search`.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What to look for; several words are all wanted.
    #[arg(required = true, value_name = "WORD")]
    pub words: Vec<String>,

    /// How it is answered.
    #[command(flatten)]
    pub ask: AskArgs,

    /// In documents with which claims.
    #[command(flatten)]
    pub filter: FilterArgs,
}

/// Forms of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// For the eye.
    Table,
    /// One object.
    Json,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A document's id (or its first 6 digits or more), the id or address it came with, DOCUMENT/ev3, DOCUMENT/st1, or an
    /// actor's key.
    pub id: String,

    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// Form [default: table in a terminal, else json].
    #[arg(long, short, value_enum)]
    pub format: Option<ShowFormat>,

    /// No colours and no invisible direction marks.
    #[arg(long)]
    pub plain: bool,
}

fn event_type(text: &str) -> Result<(EventType, Option<String>), String> {
    let (head, mode) = text.split_once('.').map_or((text, None), |(h, m)| (h, Some(m)));
    let all = || EventType::ALL.iter().map(|t| t.code()).collect::<Vec<_>>().join(" ");
    let kind = EventType::from_code(&head.to_uppercase()).ok_or_else(|| format!("one of {}", all()))?;
    match mode {
        None => Ok((kind, None)),
        Some(m) if kind.modes().contains(&m) => Ok((kind, Some(m.to_string()))),
        Some(_) => Err(format!("{} has the modes: {}", kind.code(), kind.modes().join(" "))),
    }
}

fn status(text: &str) -> Result<Status, String> {
    let all = || Status::ALL.iter().map(|s| s.code()).collect::<Vec<_>>().join(" ");
    Status::from_code(&text.to_lowercase()).ok_or_else(|| format!("one of {}", all()))
}

fn stance(text: &str) -> Result<Stance, String> {
    let all = || Stance::ALL.iter().map(|s| s.code()).collect::<Vec<_>>().join(" ");
    Stance::from_code(&text.to_lowercase()).ok_or_else(|| format!("one of {}", all()))
}

fn loaded(text: &str) -> Result<String, String> {
    if text == "any" || lexicon::LOADED.contains(&text) {
        Ok(text.to_string())
    } else {
        Err(format!("one of any {}", lexicon::LOADED.join(" ")))
    }
}

fn document(text: &str) -> Result<ledger::DocumentId, String> {
    text.parse().map_err(|()| "a document's id has 32 hex digits; `isnad show` finds it".to_string())
}
