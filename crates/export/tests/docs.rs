//! The documentation lists what is exported.

use export::table::{Kind, TABLES};

#[test]
fn every_column_is_documented_with_its_type_and_meaning() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/export.md")).unwrap();
    for table in TABLES {
        let heading = format!("\n### {} (`FILE.", table.name);
        let from = docs.find(&heading).unwrap_or_else(|| panic!("no section {}", table.name));
        let section = &docs[from + 1..];
        let section = &section[..section.find("\n#").unwrap_or(section.len())];
        let rows: Vec<&str> = section.lines().filter(|l| l.starts_with("| `")).collect();
        let want: Vec<String> = table
            .columns
            .iter()
            .map(|c| {
                let kind = match c.kind {
                    Kind::Text => "text",
                    Kind::Int => "integer",
                    Kind::Float => "number",
                    Kind::Bool => "true, false",
                    Kind::Day => "day",
                };
                format!("| `{}` | {kind} | {} |", c.name, c.about)
            })
            .collect();
        assert_eq!(rows, want, "{}", table.name);
    }
}
