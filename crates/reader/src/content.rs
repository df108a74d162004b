//! What a statement says: the stretch of each sentence that its cue governs; and what on the page is no article at all.

use model::Span;

use crate::article::Article;
use crate::sayings::Saying;
use crate::spans::Phrase;
use crate::words::Words;

/// Words that open what is said (folded).
fn opens(norm: &str) -> bool {
    matches!(
        norm,
        "ان" | "بان"
            | "انه"
            | "انها"
            | "بانه"
            | "بانها"
            | "انهم"
            | "بانهم"
            | "انهما"
            | ":"
            | "باننا"
            | "اننا"
    )
}

fn is_mark(article: &Article<'_>, i: usize) -> bool {
    article.tokens.all()[i].kind == arabic::Kind::Punct
}

/// Content spans (one a sentence) and whether the content stands in quotation marks.
pub(crate) fn find(
    article: &Article<'_>,
    words: &Words,
    phrases: &[Phrase],
    sayings: &[Saying],
    at: usize,
) -> (Vec<Span>, bool) {
    let saying = &sayings[at];
    let cue = saying.cue.token;
    let s = article.sentence_of[cue] as usize;
    let range = article.sentences[s].clone();
    // a parenthetic cue («بحسب …», «وفق ما …») or one at the end of its sentence speaks of what stands before it
    let w = article.word(words, cue);
    let parenthetic = w.preposition
        || matches!(
            &*w.stem,
            "بحسب"
                | "حسب"
                | "وفق"
                | "وفقا"
                | "طبق"
                | "طبقا"
                | "نقلا"
                | "حد"
                | "تعبير"
                | "قول"
                | "حسبما"
                | "ذكر"
                | "افاد"
                | "نقل"
        ) && cue > range.start + 2
            && is_mark(article, cue - 1);
    let follows = (cue + 1..range.end).filter(|i| !is_mark(article, *i)).count();
    if (parenthetic && cue > range.start + 2) || follows <= 3 && cue > range.start + 4 {
        let end = (range.start..cue).rev().find(|i| !is_mark(article, *i)).unwrap_or(range.start);
        let direct =
            article.quotes_from(cue.saturating_sub(3)).first().is_some_and(|(a, b)| *a <= range.start + 2 && *b <= cue);
        return (vec![span(article, words, range.start, end)], direct);
    }
    // the subject, and relays beside the cue, are not content
    let mut start = cue + 1;
    let mut moved = true;
    while moved && start < range.end {
        moved = false;
        let at = start;
        for p in phrases[phrases.partition_point(|p| p.first < cue)..]
            .iter()
            .take_while(|p| p.first <= at + 1)
            .filter(|p| !p.inner && p.last >= at)
        {
            let ours = saying.origin.is_some_and(|o| phrases[o] == *p) || saying.via.iter().any(|v| phrases[*v] == *p);
            if ours && p.last < range.end {
                start = p.last + 1;
                moved = true;
            }
        }
    }
    let next_cue = sayings.get(at + 1).map(|s| s.cue.token).filter(|t| *t < range.end);
    let reach = (start + 18).min(next_cue.unwrap_or(range.end)).min(range.end);
    let opener = (cue + 1..reach).find(|i| opens(article.tokens.norm(*i)));
    let quote = article
        .quotes_from(cue)
        .iter()
        .take_while(|(a, _)| *a <= cue + 25 && *a < range.end)
        .find(|(a, b)| *a > cue && *b > *a + 4);
    if let Some(o) = opener {
        let pronoun = article.tokens.norm(o).len() > 6;
        start = if pronoun { o } else { o + 1 };
    } else if let Some((a, _)) = quote {
        start = *a + 1;
    } else if start + 1 < range.end && article.word(words, start).preposition {
        // «دعت … إلى وقف», «كشف … عن إرسال»
        start += 1;
    }
    while start < range.end && is_mark(article, start) {
        start += 1;
    }
    // a parenthetic cue later in the sentence ends it
    let mut end = range.end;
    if let Some(next) = next_cue
        && next > start + 1
        && (article.word(words, next).preposition || article.word(words, next).prefix.conjunction.is_some())
    {
        end = next;
    }
    let direct = quote.is_some_and(|(a, _)| *a + 2 >= start && *a <= start + 1);
    let mut out = Vec::new();
    if start < end {
        let last = (start..end).rev().find(|i| !is_mark(article, *i)).unwrap_or(start);
        out.push(span(article, words, start, last));
    }
    // a quotation goes on over sentences
    if let Some((_, close)) = quote {
        for next in &article.sentences[s + 1..] {
            if next.start > *close {
                break;
            }
            let last = (next.start..next.end.min(close + 1)).rev().find(|i| !is_mark(article, *i));
            if let Some(last) = last {
                out.push(span(article, words, next.start, last));
            }
        }
    }
    (out, direct)
}

fn span(article: &Article<'_>, words: &Words, first: usize, last: usize) -> Span {
    let mut s = article.tokens.span(first, last.max(first));
    s.start = crate::spans::without_clitics(article, words, first, article.tokens.all()[first].span);
    s
}

/// Lines that belong to the page, not to the article: share buttons, tags, «اقرأ أيضا», stray words before the title.
pub fn furniture(article: &Article<'_>, words: &Words) -> Vec<Span> {
    let mut out = Vec::new();
    let all = article.tokens.all();
    let mut start = 0;
    while start < all.len() {
        let end = (start + 1..all.len()).find(|i| all[*i].line_start).unwrap_or(all.len());
        let arabic = (start..end).filter(|i| all[*i].kind == arabic::Kind::Arabic).count();
        let first = article.tokens.norm(start);
        let second = if start + 1 < end { article.tokens.norm(start + 1) } else { "" };
        let opens_menu = matches!(
            first,
            "اقرا" | "تابعنا" | "شارك" | "طباعه" | "المزيد" | "سمات" | "الكلمات" | "وسوم" | "مواضيع"
        );
        let menu = opens_menu || matches!((first, second), ("شاهد", "ايضا") | ("رابط", "الخبر"));
        if arabic == 0 || (menu && end - start < 40 && start > 0) {
            out.push(span(article, words, start, end - 1));
        }
        start = end;
    }
    out
}
