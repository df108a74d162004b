//! Tracing in a ledger, on each database alike: in one go, in steps with the writer gone in between, and made anew.

#[allow(dead_code)]
#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::{engine, filled, places, write};
use ledger::{Filter, Ledger, Location, Paging};
use model::Document;
use traced::{OutletNames, Traced, catch_up, catch_up_some, rebuild};

/// Deliveries of which several outlets tell, some in the words of others. All invented.
fn articles(count: usize) -> Vec<Document> {
    const GOODS: [&str; 4] = ["مقاتلات", "شاحنات", "دبابات", "زوارق"];
    const TOWNS: [&str; 5] = ["حلب", "طرابلس", "عدن", "البصرة", "بنغازي"];
    const OUTLETS: [&str; 3] = ["صوت الضفة", "المرفأ", "الرصيف"];
    (0..count)
        .map(|i| {
            let event = i / 3;
            let (goods, town) = (GOODS[event % 4], TOWNS[event % 5]);
            let number = event % 70 + 3;
            let told = if i % 3 == 1 {
                format!("ذكر مصدر عسكري أن تركيا سلمت {number} {goods} إلى الجيش في مدينة {town}. ولم يذكر المصدر تفاصيل أخرى.")
            } else {
                format!(
                    "قال وزير الدفاع إن تركيا سلمت {number} {goods} إلى الجيش في مدينة {town}. وأضاف الوزير أن الدفعة وصلت \
                     بحرا، وأن دفعة أخرى تصل قريبا. ورقم الخبر {event}."
                )
            };
            Document {
                id: format!("a{i}"),
                title: (i % 3 == 2).then(|| format!("وصول {goods}")),
                text: told,
                outlet: Some(OUTLETS[i % 3].into()),
                published: Some(format!("2021-03-{:02}", 1 + event * 27 / (count / 3 + 1))),
                ..Document::default()
            }
        })
        .collect()
}

/// All that is known across articles, as commands print it.
fn known(location: &Location) -> String {
    let mut traced = Traced::new(Ledger::open(location).unwrap());
    let paging = Paging { limit: 10_000, cursor: None };
    let happenings = traced.happenings(&Filter::default(), 1, &paging, &mut None).unwrap().rows;
    let stories = traced.stories(&Filter::default(), &paging, &mut None).unwrap().rows;
    serde_json::to_string(&(happenings, stories)).unwrap()
}

#[test]
fn it_is_the_same_in_one_go_in_steps_and_made_anew() {
    for place in places() {
        filled(&place, &articles(420));
        let names = OutletNames::new(engine());
        let mut writer = write(&place);
        let caught = catch_up(&mut writer, &names, |_| ()).unwrap();
        assert_eq!((caught.documents, caught.faults.len()), (420, 0));
        writer.finish().unwrap();
        let whole = known(&place);
        assert!(whole.len() > 10_000, "{whole}");
        // the writer goes after each step without a word
        let mut writer = write(&place);
        rebuild(&mut writer).unwrap();
        drop(writer);
        let mut steps = 0;
        while catch_up_some(&mut write(&place), &names).unwrap().documents > 0 {
            steps += 1;
        }
        assert!(steps > 2);
        assert_eq!(known(&place), whole);
    }
}

#[test]
fn ids_lead_to_happenings_whatever_becomes_of_their_first_claims() {
    for place in places() {
        filled(&place, &articles(12));
        let names = OutletNames::new(engine());
        catch_up(&mut write(&place), &names, |_| ()).unwrap();
        let mut traced = Traced::new(Ledger::open(&place).unwrap());
        let paging = Paging { limit: 100, cursor: None };
        let all = traced.happenings(&Filter::default(), 2, &paging, &mut None).unwrap().rows;
        assert!(!all.is_empty());
        for h in &all {
            let found = traced.called(&h.id).unwrap();
            assert_eq!((found.len(), &found[0].id), (1, &h.id));
            // the claim that gave it its id leaves: the rest is still found by it, and the claim by an id of its own
            let first = found[0].members[0].claim.at.clone();
            let alone = traced::split(&mut write(&place), &first).unwrap();
            let mut traced = Traced::new(Ledger::open(&place).unwrap());
            let rest = traced.called(&h.id).unwrap();
            assert!(rest[0].members.iter().all(|m| m.claim.at != first), "{}", h.id);
            assert_eq!(rest[0].id, h.id);
            let alone = traced.called(&alone).unwrap();
            assert!(alone[0].members.iter().all(|m| m.claim.at == first));
            // and together again
            let joined = traced::join(&mut write(&place), &h.id, &alone[0].id).unwrap();
            let mut traced = Traced::new(Ledger::open(&place).unwrap());
            for id in [&h.id, &alone[0].id, &joined] {
                assert_eq!(traced.called(id).unwrap()[0].members.len(), found[0].members.len(), "{id}");
            }
        }
    }
}
