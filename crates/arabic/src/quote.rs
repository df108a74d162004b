//! Quotations that survive mismatched marks: `“Su-24″`, `«…` never closed, `"…"` without direction.

use crate::Tokens;

/// Stretches in quotation marks: token index of the opening mark, and of the closing mark or the last token before the
/// end of the paragraph (or `limit` tokens) where none closes. Linear time.
pub fn quotations(tokens: &Tokens<'_>) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut open: Option<usize> = None;
    let all = tokens.all();
    for (i, token) in all.iter().enumerate() {
        if token.line_start
            && let Some(o) = open.take()
        {
            // a quotation of whole sentences may end with its paragraph; a lone stray mark quotes nothing
            if i - o > 3 && i - o < 400 {
                out.push((o, i - 1));
            }
        }
        let mark = tokens.surface(i);
        match mark {
            "«" | "“" | "„" | "‟" | "❝" => match open {
                Some(o) if mark == "“" && i > o + 1 && !next_is_glued(tokens, i) => {
                    out.push((o, i));
                    open = None;
                }
                Some(_) => {}
                None => open = Some(i),
            },
            "»" | "”" | "″" | "❞" => match open.take() {
                Some(o) => out.push((o, i)),
                None if mark == "”" && next_is_glued(tokens, i) => open = Some(i),
                None => {}
            },
            "\"" => match open.take() {
                Some(o) if i > o + 1 => out.push((o, i)),
                Some(o) => open = Some(o),
                None => open = Some(i),
            },
            _ => {}
        }
    }
    if let Some(o) = open
        && all.len() - o > 3
        && all.len() - o < 400
    {
        out.push((o, all.len() - 1));
    }
    out
}

/// Whether a word follows without space: an opening mark is glued to what it opens.
fn next_is_glued(tokens: &Tokens<'_>, i: usize) -> bool {
    tokens.all().get(i + 1).is_some_and(|t| !t.spaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<String> {
        let t = Tokens::new(text);
        quotations(&t)
            .into_iter()
            .map(|(a, b)| (a + 1..b).map(|i| t.surface(i)).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn mismatched_marks_close() {
        assert_eq!(quoted("من طراز “Su-24″ و“Mig-29”"), ["Su-24", "Mig-29"]);
        assert_eq!(quoted("قال \"نعم\" ثم \"لا\""), ["نعم", "لا"]);
        assert_eq!(quoted("قال «لن نقبل بذلك ابدا\nوبعد"), ["لن نقبل بذلك"]);
    }

    #[test]
    fn a_stray_mark_quotes_nothing() {
        assert_eq!(quoted("قال ذلك »"), Vec::<String>::new());
    }
}
