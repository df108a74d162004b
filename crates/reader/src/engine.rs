use std::borrow::Cow;
use std::sync::Arc;

use arabic::numeral::Number;
use learn::{Bundle, Model, ModelError, Named};
use lexicon::Lexicon;
use model::{
    Analysis, ChainLink, ChainRole, Document, Event, EventType, Framing, Polarity, Reading, Span, Stance, Statement,
    Status,
};

use crate::article::Article;
use crate::clauses::Clauses;
use crate::clusters::Clusters;
use crate::content;
use crate::datelines;
use crate::explain;
use crate::framing;
use crate::harm::Casualties;
use crate::language;
use crate::reference;
use crate::roles::{self, Choice, Earlier, Filler, Layers, Pairs, RoleModel, Scratch, Told, Trigger};
use crate::sayings::{self, Saying};
use crate::spans::{self, Bias, Kind, Phrase};
use crate::status::{self, Scene};
use crate::tagger::Tagger;
use crate::things;
use crate::times;
use crate::triggers::Surroundings;
use crate::wholes;
use crate::words::{Knowledge, WordType, Words};

/// Names of the models in a bundle.
pub mod part {
    /// Word clusters.
    pub const CLUSTERS: &str = "clusters";
    /// Outer phrases.
    pub const PHRASES: &str = "phrases";
    /// Names inside names.
    pub const INNER: &str = "inner";
    /// Happenings.
    pub const TRIGGERS: &str = "triggers";
    /// Sayings.
    pub const CUES: &str = "cues";
    /// Roles: each candidate judged alone, and candidates competing.
    pub const ROLES: &str = "roles";
    /// Whether a further phrase shares a role.
    pub const COMPANIONS: &str = "companions";
    /// Chains: as with roles.
    pub const CHAINS: &str = "chains";
    /// Whether a saying has a further relay.
    pub const RELAYS: &str = "relays";
    /// Which statement reports a happening.
    pub const REPORTS: &str = "reports";
    /// Status of a happening, then its polarity.
    pub const STATUS: &str = "status";
    /// Mode of a happening.
    pub const MODE: &str = "mode";
    /// Parts of speech.
    pub const POS: &str = "pos";
}

/// Settings that trade precision against recall, chosen on the development articles.
#[derive(Clone, Debug)]
pub struct Settings {
    /// For phrases.
    pub phrases: Bias,
    /// Added to "no happening".
    pub triggers: f32,
    /// Added to "no saying".
    pub cues: f32,
    /// For roles.
    pub roles: Choice,
    /// For chains.
    pub chains: Choice,
    /// Added to "the outlet itself reports it".
    pub reports: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            phrases: Bias::default(),
            triggers: -4.1,
            cues: -2.02,
            roles: Choice {
                none: vec![0.0, -1.61, -2.46, -3.3, -0.494, -2.78],
                trust: 0.32,
                further: vec![0.0, 0.64, 0.686, 0.51, 0.85, 0.7],
            },
            chains: Choice { none: vec![0.0, 0.09, 0.596], trust: 0.7135, further: vec![0.0, 0.5, 0.2825] },
            reports: 0.5,
        }
    }
}

/// What reading needs and never changes: the lexicon, the user's overlay, the weights. Shared by all threads.
pub struct Engine {
    pub(crate) knowledge: Knowledge,
    models: std::collections::BTreeMap<&'static str, Arc<Model>>,
    /// Settings of the decisions.
    pub settings: Settings,
}

impl Engine {
    /// Puts lexicon and weights together. Parts that the bundle lacks leave their layer empty.
    ///
    /// # Errors
    /// Where the bundle is damaged, or a part of it answers other questions than are asked here.
    pub fn new(base: Lexicon, overlay: Option<Lexicon>, bundle: &Bundle) -> Result<Self, ModelError> {
        let clusters = Clusters::from_bytes(bundle.part(part::CLUSTERS).unwrap_or_default());
        let mut models = std::collections::BTreeMap::new();
        for name in [
            part::PHRASES,
            part::INNER,
            part::TRIGGERS,
            part::CUES,
            part::ROLES,
            part::COMPANIONS,
            part::CHAINS,
            part::RELAYS,
            part::REPORTS,
            part::STATUS,
            part::MODE,
            part::POS,
        ] {
            if let Some(m) = bundle.model(name)? {
                if answers(name).is_some_and(|n| m.labels().len() != n) {
                    return Err(ModelError::Labels(name.to_string()));
                }
                models.insert(name, Arc::new(m));
            }
        }
        Ok(Self { knowledge: Knowledge { base, overlay, clusters }, models, settings: Settings::default() })
    }

    /// The lexicons in use.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    fn model(&self, name: &str) -> Option<&Arc<Model>> {
        self.models.get(name)
    }
}

/// How many answers a part gives, where the reader counts on it: models of roles judge first, then rank; polarity stands
/// beside status.
fn answers(name: &str) -> Option<usize> {
    match name {
        part::ROLES => Some(2 * roles::LABELS.len() - 1),
        part::CHAINS => Some(2 * sayings::LABELS.len() - 1),
        part::COMPANIONS | part::RELAYS => Some(2),
        part::STATUS => Some(Status::ALL.len() + Polarity::ALL.len()),
        _ => None,
    }
}

/// A written word without what is attached to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bare<'a> {
    /// The word proper, folded, as it is written when nothing is attached to it.
    pub stem: &'a str,
    /// Whether the lexicon knows it.
    pub known: bool,
}

/// Why an event was read as it was: one line a decision, for `--explain`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// Identifier of the event or statement.
    pub of: String,
    /// The lexicon entries and features that decided, the weightiest first.
    pub lines: Vec<String>,
}

/// Reads articles, one after the other; keeps caches that make the next article faster and never change a result.
pub struct Reader {
    engine: Arc<Engine>,
    words: Words,
    phrases: Option<(Tagger, Tagger)>,
    triggers: Option<Tagger>,
    cues: Option<Tagger>,
    pos: Option<Tagger>,
    roles: Option<RoleModel>,
    chains: Option<RoleModel>,
}

impl Reader {
    /// A reader over a shared engine.
    pub fn new(engine: &Arc<Engine>) -> Self {
        let tagger = |name: &str| engine.model(name).cloned().map(Tagger::new);
        let both = |scores: &str, companions: &str, choice: &Choice| {
            let companions = engine.model(companions).cloned();
            engine.model(scores).cloned().map(|scores| RoleModel { scores, companions, choice: choice.clone() })
        };
        Self {
            words: Words::default(),
            phrases: tagger(part::PHRASES).zip(tagger(part::INNER)),
            triggers: tagger(part::TRIGGERS),
            cues: tagger(part::CUES),
            pos: tagger(part::POS),
            roles: both(part::ROLES, part::COMPANIONS, &engine.settings.roles),
            chains: both(part::CHAINS, part::RELAYS, &engine.settings.chains),
            engine: Arc::clone(engine),
        }
    }

    fn trim(&mut self) {
        if let Some(left) = self.words.trim() {
            let taggers = [&mut self.triggers, &mut self.cues, &mut self.pos];
            taggers.into_iter().flatten().for_each(|t| t.keep(&left));
            if let Some((a, b)) = &mut self.phrases {
                a.keep(&left);
                b.keep(&left);
            }
        }
    }

    /// Reads one article. Time linear in its length; memory bounded by it.
    pub fn read(&mut self, document: &Document) -> Reading {
        self.read_inner(document, false).0
    }

    /// Reads one article and says why.
    pub fn read_explained(&mut self, document: &Document) -> (Reading, Vec<Explanation>) {
        self.read_inner(document, true)
    }

    fn read_inner(&mut self, document: &Document, explain: bool) -> (Reading, Vec<Explanation>) {
        self.trim();
        let text = document.whole();
        let mut reading = Reading { id: document.id.clone(), ..Reading::default() };
        let language = language::detect(&text);
        reading.language = language.map(str::to_string);
        if language != Some("ar") {
            return (reading, Vec::new());
        }
        let engine = Arc::clone(&self.engine);
        let knowledge = &engine.knowledge;
        let mut article = Article::new(&text, &mut self.words, knowledge);
        if let Some(pos) = &mut self.pos {
            article.tag(&self.words, pos);
        }
        let phrases = self.find_phrases(&article);
        let (happenings, sayings_found) = self.find_triggers(&article, &phrases);
        let clauses = Clauses::new(&article, &self.words, &phrases);
        let (entities, entity_of) = reference::gather(&article, &self.words, knowledge, &phrases);
        let bearers = roles::bearers(&article, &self.words, &phrases, &entities, &entity_of);
        let mut explanations = Vec::new();
        let mut why = explain.then(Vec::new);
        let layers = Layers {
            article: &article,
            words: &self.words,
            knowledge,
            phrases: &phrases,
            clauses: &clauses,
            bearers: &bearers,
        };
        let sayings = self.find_chains(layers, &sayings_found, &mut why);
        for (i, lines) in why.take().into_iter().flatten().enumerate() {
            explanations.push(Explanation { of: format!("st{}", i + 1), lines });
        }
        let mut why = explain.then(Vec::new);
        let fillers = self.fill_roles(layers, &sayings, &happenings, &mut why);
        let words = &self.words;
        let numbers = article.numbers(words);
        let times = times::of_article(&article, words, document.published.as_deref());

        reading.entities = entities;
        let span = |i: usize| phrases[i].span(&article, words);
        for (i, s) in sayings.iter().enumerate() {
            let mut chain = vec![ChainLink { role: ChainRole::Origin, span: s.origin.map(span) }];
            chain.extend(s.via.iter().map(|v| ChainLink { role: ChainRole::Via, span: Some(span(*v)) }));
            let (content, direct) = content::find(&article, words, &phrases, &sayings, i);
            let when = times::of_saying(&article, &times, s.cue.token, &content);
            reading.statements.push(Statement {
                id: format!("st{}", i + 1),
                chain,
                cue: Some(token_span(&article, words, s.cue.token)),
                content,
                direct,
                stance: s.stance,
                when,
            });
        }
        let cues: Vec<Trigger> = sayings.iter().map(|s| s.cue).collect();
        let (mut keys, mut scores) = (Vec::new(), Vec::new());
        let scene = Scene { article: &article, words, clauses: &clauses, triggers: &happenings };
        let casualties = Casualties { layers, numbers: &numbers };
        let mut held: Vec<(Status, Polarity)> = Vec::with_capacity(happenings.len());
        for (number, (t, fs)) in happenings.iter().zip(&fillers).enumerate() {
            let kind = EventType::ALL[t.class as usize];
            let reporter = engine
                .model(part::REPORTS)
                .and_then(|m| sayings::reporter(m, &article, words, &cues, *t, engine.settings.reports, &mut keys));
            let stance = reporter.map_or(0, |r| sayings[r].stance as u32 + 1);
            keys.clear();
            status::status_keys(&article, words, t.token, kind, stance, reporter.map(|r| cues[r].token), &mut keys);
            scene.keys(number, &held, &mut keys);
            let (mut status, mut polarity) = (Status::Actual, Polarity::Positive);
            let mut next_best = 0;
            if let Some(m) = engine.model(part::STATUS) {
                ((status, polarity), next_best) = status::decide(m, &keys, &mut scores);
            }
            if status == Status::Actual && status::threatened(&article, words, &happenings, number) {
                status = Status::Planned;
            }
            if status == Status::Actual
                && let Some(told) = status::told_by_the_word_before(&article, words, t.token)
            {
                status = told;
            }
            if status == Status::Actual && status::intended(&article, words, t.token) {
                status = Status::Planned;
            }
            if status::conditional(&article, words, t.token) {
                status = Status::Conditional;
            }
            if polarity == Polarity::Positive
                && (status::kept_from(&article, words, t.token) || status::negated(&article, words, t.token, kind))
            {
                polarity = Polarity::Negative;
            }
            held.push((status, polarity));
            keys.clear();
            status::mode_keys(&article, words, t.token, kind, &mut keys);
            let mode = engine.model(part::MODE).and_then(|m| status::mode(m, &keys, kind, &mut scores));
            // one mention of an entity is enough for a role: the surest
            let same = |a: &Filler, b: &Filler| {
                a.role == b.role && entity_of[a.phrase].is_some() && entity_of[a.phrase] == entity_of[b.phrase]
            };
            let kept: Vec<usize> = (0..fs.len())
                .filter(|i| !fs.iter().any(|g| same(&fs[*i], g) && g.probability > fs[*i].probability))
                .collect();
            let reasons = why.as_ref().and_then(|w| w.get(number)).map(Vec::as_slice);
            let fs: Vec<Filler> = kept.iter().map(|i| fs[*i]).collect();
            let of_role = |role: u8| fs.iter().filter(move |f| f.role == role).map(|f| f.phrase);
            let spans = |role: u8| of_role(role).map(span).collect::<Vec<Span>>();
            let mut things: Vec<_> =
                of_role(5).map(|p| things::describe(&article, words, knowledge, &numbers, &phrases[p])).collect();
            if things::moves_people(kind, mode) {
                let people = of_role(2);
                things.extend(
                    people.filter_map(|p| things::people_moved(&article, words, knowledge, &numbers, &phrases[p])),
                );
            }
            things::join_details(&article, words, &mut things);
            let done = kind == EventType::Assault && status == Status::Actual && polarity == Polarity::Positive;
            let list = |role: u8| of_role(role).collect::<Vec<_>>();
            let harm = if done { casualties.of(t.token, &list(2), &list(1)) } else { None };
            let id = format!("ev{}", reading.events.len() + 1);
            if let Some(reasons) = reasons {
                let mut features = Named::default();
                let (voice, cue) = (stance, reporter.map(|r| cues[r].token));
                status::status_keys(&article, words, t.token, kind, voice, cue, &mut features);
                scene.keys(number, &held[..number], &mut features);
                let reasons = explain::Reasons {
                    kind: self.why_happening(&article, &phrases, *t),
                    roles: &kept.iter().filter_map(|i| reasons.get(*i).cloned()).collect::<Vec<_>>(),
                    status: engine
                        .model(part::STATUS)
                        .map_or(String::new(), |m| explain::weigh(m, &features, status as usize, Some(next_best))),
                };
                explanations.push(explain::event(&id, layers, *t, &fs, &reasons));
            }
            reading.events.push(Event {
                id,
                kind,
                mode: mode.map(str::to_string),
                trigger: token_span(&article, words, t.token),
                actor: spans(1),
                recipient: spans(2),
                place: spans(3),
                time: spans(4),
                when: of_role(4).find_map(|p| times::of_phrase(&times, &phrases[p])),
                things,
                status,
                polarity,
                statement: reporter.map(|r| format!("st{}", r + 1)),
                harm,
            });
        }
        wholes::break_down(&article, words, knowledge, &numbers, &mut reading.events);
        things::mark_parts(&mut reading.events);
        reading.framing = framing::find(&article, words, &phrases, &entity_of)
            .into_iter()
            .map(|f| Framing {
                span: token_span(&article, words, f.token),
                of: f.entity.map(|e| reading.entities[e].id.clone()),
                kind: f.kind.to_string(),
            })
            .collect();
        reading.furniture = content::furniture(&article, words);
        (reading, explanations)
    }

    fn find_phrases(&mut self, article: &Article<'_>) -> Vec<Phrase> {
        let mut out = Vec::new();
        if let Some((outer, inner)) = &mut self.phrases {
            for r in &article.sentences {
                spans::find(outer, inner, article, &self.words, r, &self.engine.settings.phrases, &mut out);
                spans::propose(article, &self.words, r, &mut out);
            }
        }
        out.sort_by_key(|p| (p.first, p.inner));
        spans::name_again(article, &self.words, &self.engine.knowledge, &mut out);
        let body = sayings::body_start(article);
        datelines::name_outlets(article, &self.words, &self.engine.knowledge, &mut out, body);
        out
    }

    /// Happenings, and sayings with their stance.
    fn find_triggers(&mut self, article: &Article<'_>, phrases: &[Phrase]) -> (Vec<Trigger>, Vec<(Trigger, Stance)>) {
        let (mut happenings, mut sayings) = (Vec::new(), Vec::new());
        let bias = (self.engine.settings.triggers, self.engine.settings.cues);
        for r in &article.sentences {
            let from = phrases.partition_point(|p| p.first < r.start);
            let to = phrases.partition_point(|p| p.first < r.end);
            let view = Surroundings::new(r, &phrases[from..to]);
            if let Some(t) = &mut self.triggers {
                let labels = t.tag(article, &self.words, r, &[bias.0], |i, k| view.keys(article, &self.words, i, r, k));
                // «مقاتلات» are aircraft: a weapon's name is no happening
                let arms =
                    |p: usize| article.word(&self.words, r.start + p).any(|l| l.kind == lexicon::EntryKind::Weapon);
                for (p, l) in labels.iter().enumerate().filter(|(p, l)| **l > 0 && !arms(*p)) {
                    happenings.push(Trigger { token: r.start + p, class: u32::from(*l) - 1 });
                }
            }
            if let Some(t) = &mut self.cues {
                let labels = t.tag(article, &self.words, r, &[bias.1], |i, k| {
                    view.keys(article, &self.words, i, r, k);
                    view.cue_keys(article, &self.words, i, r, k);
                });
                for (p, l) in labels.iter().enumerate().filter(|(_, l)| **l > 0) {
                    let stance = Stance::ALL[usize::from(*l) - 1];
                    sayings.push((Trigger::saying(r.start + p, stance), stance));
                }
            }
        }
        (happenings, sayings)
    }

    fn fill_roles(
        &self,
        layers: Layers<'_, '_>,
        sayings: &[Saying],
        happenings: &[Trigger],
        why: &mut Option<Vec<Vec<String>>>,
    ) -> Vec<Vec<Filler>> {
        let Some(models) = &self.roles else { return vec![Vec::new(); happenings.len()] };
        let told: Vec<Told> = sayings
            .iter()
            .map(|s| Told { cue: s.cue.token, stance: s.stance as u32, origin: s.origin, via: s.via.clone() })
            .collect();
        let pairs = Pairs::new(layers, happenings, &told);
        let mut scratch = Scratch::default();
        let mut earlier = Earlier::default();
        (0..happenings.len())
            .map(|t| {
                let mut out = Vec::new();
                roles::candidates(layers.article, layers.phrases, happenings[t].token, &mut scratch.candidates);
                let extra = |c: Option<usize>, k: &mut Vec<learn::Key>| earlier.keys(&pairs, t, c, k);
                models.fill(&pairs, t, &mut scratch, extra, Some(&earlier), &mut out);
                pairs.coordinate(&mut out);
                earlier.drop_accusers(&pairs, t, &mut out);
                if let Some(why) = why {
                    let features = |c: usize| {
                        let mut features = Named::default();
                        pairs.keys(t, c, &mut features);
                        earlier.keys(&pairs, t, Some(c), &mut features);
                        features
                    };
                    let reasons = models.reasons(&pairs, &scratch.candidates, &out, features, Some(&earlier));
                    why.push(reasons);
                }
                earlier.push(&pairs, t, out.iter().map(|f| (f.phrase, f.role)).collect());
                out
            })
            .collect()
    }

    /// The features that make a word a happening of its type rather than none.
    fn why_happening(&self, article: &Article<'_>, phrases: &[Phrase], trigger: Trigger) -> String {
        let Some(tagger) = &self.triggers else { return String::new() };
        let range = article.sentences[article.sentence_of[trigger.token] as usize].clone();
        let mut features = Named::default();
        explain::of_word(article, &self.words, trigger.token, &mut features);
        Surroundings::new(&range, phrases).keys(article, &self.words, trigger.token, &range, &mut features);
        explain::weigh(&tagger.model, &features, trigger.class as usize + 1, Some(0))
    }

    fn find_chains(
        &self,
        layers: Layers<'_, '_>,
        found: &[(Trigger, Stance)],
        why: &mut Option<Vec<Vec<String>>>,
    ) -> Vec<Saying> {
        let Some(model) = &self.chains else {
            return found
                .iter()
                .map(|(cue, stance)| Saying { cue: *cue, stance: *stance, origin: None, via: Vec::new() })
                .collect();
        };
        sayings::chains(model, layers, found, why)
    }

    /// Calls `found` with every written word, name or number of `text` (no marks), in order: its code points, its folded
    /// spelling, and what it is without conjunction, preposition, article and attached pronoun. Linear in the text.
    pub fn each_word(&mut self, text: &str, mut found: impl FnMut(Span, &str, Bare<'_>)) {
        self.trim();
        let engine = Arc::clone(&self.engine);
        let tokens = arabic::Tokens::new(text);
        for (i, token) in tokens.all().iter().enumerate() {
            if token.kind != arabic::Kind::Punct {
                let norm = tokens.norm(i);
                let word = self.words.intern(norm, token.kind, &engine.knowledge);
                let word = self.words.get(word);
                let stem = plain_stem(word, &engine.knowledge);
                found(token.span, norm, Bare { stem: &stem, known: !word.lexemes.is_empty() });
            }
        }
    }

    /// The layers below the reader. Relative times are resolved against the document's publication date.
    pub fn analyse(&mut self, document: &Document) -> Analysis {
        self.trim();
        let text = document.whole();
        let engine = Arc::clone(&self.engine);
        let article = Article::new(&text, &mut self.words, &engine.knowledge);
        crate::analysis::analyse(document, &article, &self.words, &engine.knowledge, self.pos.as_mut())
    }
}

/// The stem of a word as it is written alone: without the article that a cut left on it (`ب + الوزراء`), and with the ه
/// that stands as ت before a pronoun (`حكومت + هم`), where the lexicon knows what comes of it.
fn plain_stem<'a>(word: &'a WordType, knowledge: &Knowledge) -> Cow<'a, str> {
    let known = |spelling: &str| knowledge.layers().any(|(l, _)| !l.get(spelling).is_empty());
    let mut stem: Cow<'a, str> = Cow::Borrowed(&word.stem);
    if !word.suffix.is_empty()
        && let Some(head) = stem.strip_suffix('ت')
    {
        let alone = format!("{head}ه");
        if known(&alone) {
            stem = Cow::Owned(alone);
        }
    }
    if !word.prefix.article
        && let Some(rest) = stem.strip_prefix("ال")
        && rest.chars().nth(2).is_some()
        && known(rest)
    {
        stem = Cow::Owned(rest.to_string());
    }
    stem
}

/// Code points of a token without its conjunction and preposition.
pub(crate) fn token_span(article: &Article<'_>, words: &Words, token: usize) -> Span {
    let span = article.tokens.all()[token].span;
    Span::new(spans::without_clitics(article, words, token, span), span.end)
}

impl Article<'_> {
    /// The numbers of the article.
    pub fn numbers(&self, words: &Words) -> Vec<Number> {
        let classes: Vec<_> = self.types.iter().map(|t| words.get(*t).number).collect();
        arabic::numeral::numbers(&self.tokens, &classes)
    }
}

/// Whether a phrase is an entity of any type.
pub(crate) fn is_entity(p: &Phrase) -> bool {
    matches!(p.kind, Kind::Entity(_))
}
