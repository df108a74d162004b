//! Who else: once a role (or a place in a chain) has its first phrase, which further phrases share it. «التقى وزير
//! الخارجية نظيره الفرنسي» has two actors, «قتل جندي وأصيب آخر» two recipients, a delivery many things.
//!
//! The first model of roles judges each phrase alone and lets phrases compete for one place; neither knows which phrase
//! won. Here that is known, and with it what stands between the two, whether a row of «و» and commas links them, and
//! whether they shared a role before.

use arabic::Kind as TokenKind;
use learn::{Features, Key, plain};

use crate::roles::{Earlier, Pairs};

/// A further phrase that is considered for a role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Companion {
    /// The happening or saying: index into the triggers.
    pub trigger: usize,
    /// The role.
    pub role: u8,
    /// The phrase that fills it already: index into the phrases.
    pub lead: usize,
    /// The further phrase.
    pub phrase: usize,
    /// Log odds that it has the role, judged alone.
    pub odds: f32,
    /// By how much it ranks above "no phrase" for the role.
    pub margin: f32,
    /// By how much it ranks below the leading phrase.
    pub behind: f32,
    /// Whether it leads in another role.
    pub taken: bool,
}

/// Least chance, judged alone, of a phrase that is considered at all: one in thirty.
pub const LEAST_ODDS: f32 = -3.4;

/// A log odd or score in steps of a half, from -4 to 4.
fn step(x: f32) -> u32 {
    (x.clamp(-4.0, 4.0) * 2.0).round() as i32 as u32
}

impl Pairs<'_, '_> {
    /// How two phrases hang together: 1 the second follows with «و», 2 they are of one row of «و» and commas, 3 the
    /// second comes right after with «مع», 4 they lap over; 0 none of these. The earlier phrase is the first.
    fn link(&self, a: usize, b: usize) -> u32 {
        let (a, b) = if self.phrases[a].first <= self.phrases[b].first { (a, b) } else { (b, a) };
        let (p, q) = (&self.phrases[a], &self.phrases[b]);
        if q.first <= p.last {
            return 4;
        }
        if self.joins(a, b) {
            return 1;
        }
        if q.first <= p.last + 2 && (p.last + 1..q.first).any(|i| matches!(self.article.tokens.norm(i), "مع" | "ومع"))
        {
            return 3;
        }
        // a row: only phrases, commas and conjunctions between
        let mut at = p.last + 1;
        let mut next = a + 1;
        while at < q.first {
            let and = self.article.tokens.norm(at) == "و" || self.article.tokens.all()[at].kind == TokenKind::Punct;
            if and {
                at += 1;
                continue;
            }
            while self.phrases.get(next).is_some_and(|r| r.first < at || r.inner) {
                next += 1;
            }
            match self.phrases.get(next) {
                Some(r) if r.first == at && r.last < q.first => at = r.last + 1,
                _ => return 0,
            }
        }
        2
    }

    /// Features of a further phrase.
    pub fn companion_keys(&self, x: &Companion, earlier: Option<&Earlier>, out: &mut impl Features) {
        let (article, words) = (self.article, self.words);
        let trigger = self.triggers[x.trigger];
        let tw = article.word(words, trigger.token);
        let (lead, c) = (&self.phrases[x.lead], &self.phrases[x.phrase]);
        let (low, high) = if lead.first <= c.first { (lead, c) } else { (c, lead) };
        let r = u32::from(x.role);
        let ty = trigger.class + 1;
        let form = self.form(x.trigger);
        let link = self.link(x.lead, x.phrase);
        let kinds = lead.kind.index() as u32 * 32 + c.kind.index() as u32 + 1;
        let sentence = |i: usize| article.sentence_of[i];
        let together = sentence(lead.first) == sentence(c.first);
        let here = sentence(trigger.token);
        let side = |first: usize| if sentence(first) == here { u32::from(first > trigger.token) } else { 2 };
        let sides = side(lead.first) * 3 + side(c.first);
        let order = u32::from(lead.first < c.first);
        let (odds, margin, behind) = (step(x.odds), step(x.margin), step(x.behind));
        let [gov, lead_gov] = [x.phrase, x.lead].map(|p| self.clauses.governors[p].key);
        let [relation, lead_relation] = [x.phrase, x.lead].map(|p| self.relation(trigger.token, p));
        let same = u32::from(self.same(x.lead, x.phrase));
        let taken = u32::from(x.taken);
        let gap = if together { high.first.saturating_sub(low.last).min(12) as u32 } else { 13 };
        let between = if together && high.first > low.last { low.last + 1..high.first } else { 0..0 };
        let before = |end: usize| self.triggers.partition_point(|t| t.token < end);
        let happenings =
            if together { before(between.end).saturating_sub(before(between.start)).min(3) as u32 } else { 4 };
        let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
        put(1100, &[r]);
        put(1101, &[r, ty]);
        put(1102, &[r, link, order]);
        put(1103, &[r, link, kinds]);
        put(1104, &[r, link, ty, order]);
        put(1105, &[r, link, tw.stem_key]);
        put(1106, &[r, link, tw.sense]);
        put(1107, &[r, link, form]);
        put(1108, &[r, odds]);
        put(1109, &[r, odds, link]);
        put(1110, &[r, odds, ty]);
        put(1111, &[r, margin]);
        put(1112, &[r, margin, link]);
        put(1113, &[r, behind, link]);
        put(1114, &[r, odds, margin]);
        put(1115, &[r, gov, lead_gov, order]);
        put(1116, &[r, gov, ty]);
        put(1117, &[r, gov, tw.stem_key]);
        put(1118, &[r, gov, tw.sense, link]);
        put(1119, &[r, same, link]);
        put(1120, &[r, taken, link]);
        put(1121, &[r, taken, ty, order]);
        put(1122, &[r, relation, lead_relation]);
        put(1123, &[r, relation, lead_relation, ty]);
        put(1124, &[r, sides, link]);
        put(1125, &[r, sides, kinds]);
        put(1126, &[r, gap, link]);
        put(1127, &[r, gap, order, kinds]);
        put(1128, &[r, happenings, link, sides]);
        put(1129, &[r, u32::from(lead.inner), u32::from(c.inner), link]);
        let [head, lead_head] = [c, lead].map(|p| article.word(words, p.first));
        put(1130, &[r, plain(head.stem_key), link]);
        put(1131, &[r, head.class, lead_head.class, link]);
        put(1132, &[r, u32::from(!head.suffix.is_empty()), order, gap.min(3)]);
        if between.len() <= 4 {
            let path = between.clone().fold(0, |k, j| learn::mix(k, plain(article.word(words, j).norm_key)));
            put(1133, &[r, path, order]);
            put(1134, &[r, path, ty]);
        }
        for j in between.take(6) {
            put(1135, &[r, plain(article.word(words, j).stem_key), order]);
        }
        let [sector, lead_sector] = [x.phrase, x.lead].map(|p| self.bearers[p].sector);
        put(1136, &[r, sector, lead_sector, ty]);
        if let Some(e) = earlier {
            let shared = e.shared(self, x.lead, x.phrase, x.role);
            put(1137, &[r, shared]);
            put(1138, &[r, shared, link]);
            put(1139, &[r, shared, ty]);
        }
    }
}
