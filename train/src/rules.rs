//! The lexicon alone, without any learned part: the line that the models must rise above (`--rules`).

use eval::Gold;
use lexicon::{EntryKind, Form, Sense};
use model::{EntityType, EventType, Reading, Span, Stance};
use reader::article::Article;
use reader::words::{Knowledge, Words};

/// Names that the lexicon lists, events and sayings wherever a word has such a sense (and not a weak one).
pub fn read(gold: &Gold, words: &mut Words, knowledge: &Knowledge) -> Reading {
    let article = Article::new(&gold.text, words, knowledge);
    let mut out = Reading { id: gold.id.clone(), ..Reading::default() };
    let mut mention = |kind: &str, span: Span| {
        if let Some(kind) = EntityType::from_code(kind) {
            out.entities.push(model::Entity {
                id: String::new(),
                kind,
                name: String::new(),
                country: None,
                sector: None,
                key: String::new(),
                location: None,
                mentions: vec![span],
            });
        }
    };
    for m in &article.names {
        if let Some(n) = knowledge.entry(m.entry).and_then(|e| e.name)
            && m.kind != EntryKind::Title
        {
            mention(n.kind, article.tokens.span(m.first, m.last));
        }
    }
    for i in 0..article.tokens.len() {
        let w = article.word(words, i);
        let least = w.lexemes.first().map_or(0, |l| l.cost);
        let named = w.lexemes.iter().take_while(|l| l.cost == least).find(|l| {
            matches!(l.form, Form::Name | Form::ShortName | Form::LoadedName | Form::Metonym)
                && l.kind != EntryKind::Title
        });
        if article.name_of[i] == 0
            && let Some(n) = named.and_then(|l| knowledge.entry(l.entry)).and_then(|e| e.name)
        {
            mention(n.kind, article.tokens.all()[i].span);
        }
        let span = article.tokens.all()[i].span;
        for (s, _, _) in w.senses.iter().take(2) {
            match s {
                Sense::Event { kind, weak: false, .. } => {
                    out.events.push(event(EventType::ALL[usize::from(*kind)], span));
                    break;
                }
                Sense::Say { stance, weak: false } => out.statements.push(model::Statement {
                    id: String::new(),
                    chain: Vec::new(),
                    cue: Some(span),
                    content: Vec::new(),
                    direct: false,
                    stance: Stance::ALL[usize::from(*stance)],
                    when: None,
                }),
                _ => {}
            }
        }
    }
    out
}

fn event(kind: EventType, trigger: Span) -> model::Event {
    model::Event {
        id: String::new(),
        kind,
        mode: None,
        trigger,
        actor: Vec::new(),
        recipient: Vec::new(),
        things: Vec::new(),
        place: Vec::new(),
        time: Vec::new(),
        when: None,
        status: model::Status::Actual,
        polarity: model::Polarity::Positive,
        statement: None,
        harm: None,
    }
}
