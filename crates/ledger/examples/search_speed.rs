//! How long searches take: `search_speed LEDGER < queries.txt`, one query a line. Each is asked three times in a row of
//! all queries; the first row warms the disk's cache and does not count.

use std::io::BufRead;
use std::sync::Arc;
use std::time::Instant;

use ledger::{Filter, Ledger, Location, Paging};
use reader::{Engine, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let place = std::env::args().nth(1).ok_or("usage: search_speed LEDGER < queries.txt")?;
    let mut ledger = Ledger::open(&Location::parse(&place))?;
    let engine = Arc::new(Engine::new(lexicon_data::open(), None, &weights::open())?);
    let mut reader = Reader::new(&engine);
    let queries: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let paging = Paging { limit: 20, cursor: None };
    let (mut times, mut hits) = (Vec::new(), 0);
    for row in 0..3 {
        for query in &queries {
            let begun = Instant::now();
            let page = ledger.search(query, &Filter::default(), &paging, &mut reader)?;
            if row > 0 {
                times.push(begun.elapsed().as_secs_f64() * 1e3);
                hits += page.rows.len();
            }
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{} queries, {:.1} hits on average: median {:.1} ms, nine of ten under {:.1} ms, slowest {:.1} ms",
        queries.len(),
        hits as f64 / times.len() as f64,
        at(0.5),
        at(0.9),
        at(1.0)
    );
    Ok(())
}
