//! `isnad lexicon`

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use arabic::{Kind, Tokens, clitic};
use lexicon::{Entry, EntryKind, Form, Posting, Sources};
use reader::words::{Knowledge, Words};

use crate::cli::{EngineArgs, InputArgs, LexiconCommand, threads};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::json;
use crate::output::table::number;
use crate::pipeline;
use crate::progress::Progress;

/// Carries out what is asked of the lexicon.
pub fn run(command: LexiconCommand) -> Result<Outcome, Fatal> {
    let engine_of = |lexicon: Option<PathBuf>| engine::build(&EngineArgs { model: None, lexicon });
    match command {
        LexiconCommand::Check { dir, strict } => check(dir, strict),
        LexiconCommand::Explain { words, lexicon } => {
            let engine = engine_of(lexicon)?;
            Ok(print(&explain(&words.join(" "), engine.knowledge())))
        }
        LexiconCommand::Stats { lexicon, json } => {
            let engine = engine_of(lexicon)?;
            Ok(print(&stats(engine.knowledge(), json)))
        }
        LexiconCommand::Coverage { input, unknown, lexicon } => {
            let engine = engine_of(lexicon)?;
            Ok(coverage(&input, unknown, engine.knowledge()))
        }
    }
}

/// Prints; whoever stops reading has had enough.
fn print(text: &str) -> Outcome {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Outcome::Clean
}

fn check(dir: Option<PathBuf>, strict: bool) -> Result<Outcome, Fatal> {
    let dir = dir.unwrap_or_else(|| "lexicon".into());
    if !dir.is_dir() {
        return Err(Fatal::Usage(format!(
            "{}: no such folder\n  name a lexicon folder: isnad lexicon check DIR",
            dir.display()
        )));
    }
    let sources = Sources::load(&dir)?;
    let (entries, faults) = sources.expand();
    let mut lines: Vec<String> = faults.iter().map(|f| in_dir(&dir, &f.to_string())).collect();
    let doubles = doubles(&dir, entries.iter().map(|e| &e.entry));
    let mut out = String::new();
    let mut warnings = String::new();
    if strict {
        lines.extend(doubles);
    } else {
        warnings = format!(", {} warnings", number(doubles.len() as f64));
        for d in &doubles {
            let _ = writeln!(out, "warning: {d}");
        }
    }
    for l in &lines {
        out.push_str(l);
        out.push('\n');
    }
    let faults = lines.len();
    let spellings: usize = entries.iter().map(|e| e.cells.len()).sum();
    let _ = writeln!(
        out,
        "{} entries with {} spellings, {} {}{warnings}",
        number(entries.len() as f64),
        number(spellings as f64),
        number(faults as f64),
        if faults == 1 { "fault" } else { "faults" },
    );
    print(&out);
    Ok(Outcome::from_faults(faults))
}

fn in_dir(dir: &Path, line: &str) -> String {
    dir.join(line).display().to_string()
}

/// Entries that stand twice: the same headword in the same sense.
fn doubles<'a>(dir: &Path, entries: impl Iterator<Item = &'a Entry<'a>>) -> Vec<String> {
    let mut seen: HashMap<(EntryKind, &str, &str, Vec<String>), &Entry<'_>> = HashMap::new();
    let mut out = Vec::new();
    for e in entries.filter(|e| e.kind != EntryKind::Word) {
        let senses = e.senses.iter().map(|s| s.code()).collect();
        // a province and its capital bear one name: what differs besides the name tells entries apart
        let own = e.name.map_or(e.gloss, |n| if n.detail.is_empty() { e.gloss } else { n.detail });
        match seen.entry((e.kind, e.lemma, own, senses)) {
            std::collections::hash_map::Entry::Vacant(v) => {
                v.insert(e);
            }
            std::collections::hash_map::Entry::Occupied(o) if o.get().gloss == e.gloss => out.push(in_dir(
                dir,
                &format!("{}:{}: {} stands already in {}:{}", e.file, e.line, e.lemma, o.get().file, o.get().line),
            )),
            std::collections::hash_map::Entry::Occupied(_) => {}
        }
    }
    out
}

/// `verb أرسل (past, 3rd f. sg.) AID · s=actor o=thing إلى=recipient · send · verbs/general.tsv:12`
fn describe(e: &Entry<'_>, p: Posting) -> String {
    let kind = format!("{:?}", e.kind).to_lowercase();
    let form = format!("{:?}", p.form).to_lowercase();
    let mut agreement = String::new();
    if p.agreement.person > 0 {
        agreement.push_str([", 1st", ", 2nd", ", 3rd"][usize::from(p.agreement.person.min(3)) - 1]);
        agreement.push_str(if p.agreement.feminine { " f." } else { " m." });
        agreement.push_str(match p.agreement.number {
            1 => " sg.",
            2 => " du.",
            3 => " pl.",
            _ => "",
        });
    }
    let mut parts = vec![format!("{kind} {} ({form}{agreement})", e.lemma)];
    if let Some(n) = e.name {
        let facts = [n.kind, n.country, n.detail, n.family, n.model];
        let facts: Vec<&str> = facts.into_iter().filter(|f| !f.is_empty()).collect();
        parts.push(facts.join(" "));
        if n.latitude.is_finite() && n.longitude.is_finite() {
            parts.push(format!("{:.2}, {:.2}", n.latitude, n.longitude));
        }
    }
    if !e.senses.is_empty() {
        parts.push(e.senses.iter().map(|s| s.code()).collect::<Vec<_>>().join(" | "));
    }
    if !e.frame.is_empty() {
        parts.push(e.frame.iter().map(|(slot, role)| format!("{slot}={}", role.name())).collect::<Vec<_>>().join(" "));
    }
    if !e.pos.is_empty() {
        parts.push(e.pos.to_string());
    }
    if !e.gloss.is_empty() {
        parts.push(e.gloss.to_string());
    }
    parts.push(format!("{}:{}", e.file, e.line));
    parts.join(" · ")
}

fn layer(bit: u32) -> &'static str {
    if bit == 0 { "" } else { "  (overlay)" }
}

/// All that a word, or several together, can be.
fn explain(text: &str, knowledge: &Knowledge) -> String {
    let tokens = Tokens::new(text);
    let mut out = String::new();
    let mut known = false;
    if tokens.len() > 1 {
        let key = lexicon::key(text);
        let _ = writeln!(out, "{text}  (read as {key})");
        let mut found = false;
        for (l, bit) in knowledge.layers() {
            for p in l.get(&key) {
                let Some(e) = l.entry(p.entry) else { continue };
                let _ = writeln!(out, "  together: {}{}", describe(&e, p), layer(bit));
                found = true;
            }
        }
        if !found {
            out.push_str("  together: no entry\n");
        }
        known |= found;
    }
    let mut words = Words::default();
    for i in 0..tokens.len() {
        let norm = tokens.norm(i);
        let _ = writeln!(out, "{}  (read as {norm})", tokens.surface(i));
        let number = words.intern(norm, tokens.all()[i].kind, knowledge);
        let word = words.get(number);
        let used = |entry: u32, form: Form, prefix: usize, pronoun: bool| {
            word.any(|x| {
                x.entry == entry && x.form == form && usize::from(x.prefix_len) == prefix && x.pronoun == pronoun
            })
        };
        let mut count = 0;
        let mut cut = |s: clitic::Split<'_>| {
            let mut parts: Vec<String> = Vec::new();
            parts.extend(s.prefix.conjunction.map(String::from));
            parts.extend(s.prefix.preposition.map(String::from));
            parts.extend(s.prefix.future.then(|| "س".to_string()));
            parts.extend(s.prefix.article.then(|| "ال".to_string()));
            parts.push(s.stem.to_string());
            parts.extend((!s.suffix.is_empty()).then(|| s.suffix.to_string()));
            for (l, bit) in knowledge.layers() {
                for p in l.get(s.stem) {
                    let Some(e) = l.entry(p.entry) else { continue };
                    let mark =
                        if used(p.entry | bit, p.form, s.prefix_len, !s.suffix.is_empty()) { "  " } else { " ×" };
                    let _ = writeln!(out, "{mark}{}: {}{}", parts.join(" + "), describe(&e, p), layer(bit));
                    count += 1;
                }
            }
        };
        if tokens.all()[i].kind == Kind::Arabic && norm.len() < 80 {
            clitic::splits(norm, &mut cut);
        } else {
            cut(clitic::Split { prefix: clitic::Prefix::default(), prefix_len: 0, stem: norm, suffix: "" });
        }
        if let Some(n) = word.number {
            let _ = writeln!(out, "  numeral: {n:?}");
            count += 1;
        }
        if let Some(t) = word.time {
            let _ = writeln!(out, "  in dates and times: {t:?}");
            count += 1;
        }
        if !word.phrase_starts.is_empty() {
            out.push_str("  begins entries of several words\n");
        }
        if count == 0 {
            out.push_str("  no entry: read by its letters and its neighbours\n");
        }
        known |= count > 0;
    }
    if known {
        out.push_str("(× marks a cut that the grammar rules out here)\n");
    }
    out
}

fn stats(knowledge: &Knowledge, as_json: bool) -> String {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut files: BTreeMap<String, usize> = BTreeMap::new();
    let mut senses: BTreeMap<String, usize> = BTreeMap::new();
    let (mut entries, mut spellings) = (0, 0);
    for (l, bit) in knowledge.layers() {
        entries += l.len();
        spellings += l.spellings();
        for e in (0..l.len() as u32).filter_map(|i| l.entry(i)) {
            *kinds.entry(format!("{:?}", e.kind).to_lowercase()).or_default() += 1;
            *files.entry(format!("{}{}", e.file, layer(bit))).or_default() += 1;
            let mut heads: Vec<String> = e
                .senses
                .iter()
                .map(|s| s.code())
                .filter(|c| !c.starts_with('@'))
                .map(|c| c.split(['.', '?']).next().unwrap_or("").to_string())
                .collect();
            heads.sort_unstable();
            heads.dedup();
            for h in heads {
                *senses.entry(h).or_default() += 1;
            }
        }
    }
    if as_json {
        let value = serde_json::json!({
            "entries": entries, "spellings": spellings, "kinds": kinds, "senses": senses, "files": files
        });
        return String::from_utf8_lossy(&json::write(&value, false)).into_owned() + "\n";
    }
    let mut out = format!("{} entries, {} distinct spellings\n", number(entries as f64), number(spellings as f64));
    for (title, table) in [("kind", &kinds), ("sense", &senses), ("file", &files)] {
        let _ = writeln!(out, "\nentries by {title}");
        for (name, n) in table {
            let _ = writeln!(out, "{:>9}  {name}", number(*n as f64));
        }
    }
    out
}

/// Counts of one batch of articles.
#[derive(Default)]
struct Covered {
    tokens: usize,
    known: usize,
    unknown: HashMap<String, usize>,
}

impl Covered {
    fn add(&mut self, text: &str, words: &mut Words, knowledge: &Knowledge) {
        words.trim();
        let article = reader::article::Article::new(text, words, knowledge);
        let mut named = vec![false; article.tokens.len()];
        for m in article.names.iter().chain(&article.phrases) {
            named[m.first..=m.last].fill(true);
        }
        for (i, t) in article.tokens.all().iter().enumerate() {
            if t.kind != Kind::Arabic {
                continue;
            }
            self.tokens += 1;
            let w = article.word(words, i);
            if named[i] || !w.lexemes.is_empty() || w.number.is_some() || w.time.is_some() {
                self.known += 1;
            } else {
                *self.unknown.entry(w.norm.to_string()).or_default() += 1;
            }
        }
    }
}

fn coverage(input: &InputArgs, shown: usize, knowledge: &Knowledge) -> Outcome {
    let sources = crate::intaking::sources(&input.intake);
    let inputs = intake::find(&input.inputs);
    let mut progress = Progress::new(intake::total(&inputs), console::Term::stderr().is_term(), input.quiet);
    let counter = progress.counter();
    let (mut all, mut articles, mut faults) = (Covered::default(), 0, 0);
    pipeline::ordered(
        threads(input.jobs),
        |put| {
            sources.each(inputs, &counter, &mut |item| {
                let size = item.as_ref().map_or(0, intake::Item::len);
                put(item, size)
            });
        },
        || {
            let mut words = Words::default();
            move |item: Result<intake::Item, _>| {
                let prepared = item.and_then(|i| i.prepare(None))?;
                let mut covered = Covered::default();
                covered.add(&prepared.document.whole(), &mut words, knowledge);
                Ok(covered)
            }
        },
        |result: Result<Covered, intake::Skip>| {
            match result {
                Err(e) => {
                    faults += 1;
                    progress.error(&e.to_string());
                }
                Ok(c) => {
                    articles += 1;
                    progress.done(articles);
                    all.tokens += c.tokens;
                    all.known += c.known;
                    for (w, n) in c.unknown {
                        *all.unknown.entry(w).or_default() += n;
                    }
                }
            }
            true
        },
    );
    progress.finish();
    let share = if all.tokens == 0 { 0.0 } else { all.known as f64 / all.tokens as f64 * 100.0 };
    let mut out = format!(
        "{} articles, {} Arabic words: {share:.2} % with an analysis; {} different words without\n",
        number(articles as f64),
        number(all.tokens as f64),
        number(all.unknown.len() as f64)
    );
    let mut list: Vec<(String, usize)> = all.unknown.into_iter().collect();
    list.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for (w, n) in list.iter().take(shown) {
        let _ = writeln!(out, "{:>8}  {w}", number(*n as f64));
    }
    print(&out);
    Outcome::from_faults(faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lexicon::Lexicon;
    use std::borrow::Cow;

    fn knowledge() -> Knowledge {
        let files = [
            ("verbs/a.tsv", "أرسل\tIV\tر-س-ل\tيرسل\tإرسال\tAID\ts=actor o=thing إلى=recipient\tsend"),
            ("names/countries.tsv", "RUS\tRU\tRussia\tروسيا|روسيا الاتحادية\tروسي|روسية\tموسكو"),
        ];
        let sources = Sources::from_memory(files.map(|(f, t)| (f.to_string(), t.to_string())).to_vec());
        let (entries, _) = sources.expand();
        let base = Lexicon::from_bytes(Cow::Owned(lexicon::compile(&entries))).unwrap();
        Knowledge { base, overlay: None, clusters: reader::clusters::Clusters::default() }
    }

    #[test]
    fn a_word_is_explained_with_its_cut_frame_and_line() {
        let t = explain("وسترسلها", &knowledge());
        assert!(t.contains("و + س + ترسل + ها: verb أرسل (present"), "{t}");
        assert!(t.contains("AID · s=actor o=thing إلى=recipient · send · verbs/a.tsv:1"), "{t}");
        assert!(explain("خنفشار", &knowledge()).contains("no entry"));
        assert!(explain("روسيا الاتحادية", &knowledge()).contains("together: country روسيا (name) · GPE RUS country"));
        assert!(explain("", &knowledge()).is_empty());
    }

    #[test]
    fn coverage_counts_words() {
        let mut c = Covered::default();
        c.add("أرسلت موسكو خنفشارا و123 Su-24 خنفشارا", &mut Words::default(), &knowledge());
        assert_eq!((c.tokens - c.known, c.unknown.get("خنفشارا")), (c.unknown.values().sum(), Some(&2)));
    }

    #[test]
    fn doubles_are_found() {
        let text = "مدفع\tm\tمدافع\t@weapon\t-\tgun\nمدفع\tm\tمدافع\t@weapon\t-\tgun\nمدفع\tm\t-\t@abstract\t-\tgun";
        let sources = Sources::from_memory(vec![("nouns/a.tsv".into(), text.into())]);
        let (entries, faults) = sources.expand();
        assert!(faults.is_empty());
        let found = doubles(Path::new("L"), entries.iter().map(|e| &e.entry));
        assert_eq!(found, ["L/nouns/a.tsv:2: مدفع stands already in nouns/a.tsv:1"]);
    }
}
