"""From a folder of pages to a pandas table of transfers: what is said to have been given, by whom to whom, and who says so.

    python transfers.py PAGES [TABLE.csv]
"""

import sys

import isnad
import pandas as pd
import pyarrow as pa

pages = sys.argv[1] if len(sys.argv) > 1 else "."

# %% Pages to articles: menus and teasers go, date, outlet and address stay. A page that cannot be read is a row with its error.
articles = pa.Table.from_batches(isnad.documents(pages), isnad.intake_schema)

# %% Articles to claims, on all cores.
claims, documents = isnad.Reader().read_all(articles)
for bad in documents.filter(documents["error"].is_valid()).to_pylist():
    print(f"not read: {bad['error']}", file=sys.stderr)

# %% Claims of transfers, a row a thing. Each row is what somebody says, none is a fact.
table = claims.select(
    ["document_id", "publication_date", "event_date", "event_type", "status", "polarity", "actor_name", "recipient_name",
     "source_original", "chain", "things"]
).to_pandas()
table = table[table.event_type.eq("AID") & table.things.str.len().gt(0)]
table = table.explode("things", ignore_index=True)
things = pd.json_normalize(table.pop("things").tolist())
table = pd.concat([table, things], axis=1)

print(table.to_string(max_colwidth=40))
if len(sys.argv) > 2:
    table.to_csv(sys.argv[2], index=False)
