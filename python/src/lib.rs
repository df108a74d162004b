//! The native half of the Python package `isnad`. What users see is in `isnad/*.py`; here is what must be fast.
//!
//! Nothing here holds the interpreter's lock while it reads.

mod batch;
mod documents;
mod keys;
mod record;

use std::path::PathBuf;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use model::{Document, Version};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use pyo3_arrow::{PyRecordBatch, PySchema, PyTable};

use assembly::Pool;
use batch::{Failure, Plan};
use intake::columnar::{Names, content_id, dated};

pyo3::import_exception!(isnad.errors, DocumentError);

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Columns(why) => PyValueError::new_err(why),
            other => PyRuntimeError::new_err(other.to_string()),
        }
    }
}

fn table(batches: Vec<RecordBatch>, schema: SchemaRef) -> PyResult<PyTable> {
    PyTable::try_new(batches, schema)
}

fn plan(names: Option<Names>, jobs: usize, max_bytes: Option<usize>, readings: Option<&Version>) -> Plan {
    let jobs = if jobs == 0 { std::thread::available_parallelism().map_or(1, Into::into) } else { jobs };
    Plan {
        names: names.unwrap_or_default(),
        jobs,
        most: max_bytes.unwrap_or(intake::MOST),
        readings: readings.cloned(),
    }
}

/// Lexicon, weights and idle readers; may be used from any number of threads at once.
#[pyclass(frozen, module = "isnad._native")]
struct Engine {
    pool: Pool,
    version: Version,
    faulty: Vec<String>,
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (lexicon=None, model=None))]
    fn new(py: Python<'_>, lexicon: Option<PathBuf>, model: Option<PathBuf>) -> PyResult<Self> {
        let made = py.detach(|| assembly::assemble(lexicon.as_deref(), model.as_deref()));
        let made = made.map_err(|e| PyValueError::new_err(e.to_string()))?;
        Ok(Self { pool: Pool::new(made.engine), version: made.version, faulty: made.faulty })
    }

    /// Lines of the overlay that were left out, with their reasons.
    #[getter]
    fn faulty_lines(&self) -> Vec<String> {
        self.faulty.clone()
    }

    #[pyo3(signature = (text, title=None, published=None, outlet=None, id=None))]
    fn read(
        &self,
        py: Python<'_>,
        text: String,
        title: Option<String>,
        published: Option<String>,
        outlet: Option<String>,
        id: Option<String>,
    ) -> PyResult<(String, String)> {
        let document = document(text, title, published, outlet, id);
        let read = py.detach(|| batch::one(&self.pool, &document).map(|r| record::reading(&r)));
        let whole = document.whole().into_owned();
        read.map(|json| (json, whole)).map_err(|failed| fault(&document.id, &failed.to_string()))
    }

    #[pyo3(signature = (text, title=None, published=None, outlet=None, id=None))]
    fn analyse(
        &self,
        py: Python<'_>,
        text: String,
        title: Option<String>,
        published: Option<String>,
        outlet: Option<String>,
        id: Option<String>,
    ) -> PyResult<(String, String)> {
        let document = document(text, title, published, outlet, id);
        let analysis = py.detach(|| self.pool.lend().with(&document, reader::Reader::analyse));
        let analysis = analysis.map_err(|failed| fault(&document.id, &failed.to_string()))?;
        let json = serde_json::to_string(&analysis).map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
        Ok((json, document.whole().into_owned()))
    }

    #[pyo3(signature = (data, columns=None, jobs=0, max_bytes=None, readings=false))]
    fn read_batch(
        &self,
        py: Python<'_>,
        data: AnyRecordBatch,
        columns: Option<Names>,
        jobs: usize,
        max_bytes: Option<usize>,
        readings: bool,
    ) -> PyResult<(PyTable, PyTable)> {
        let data = data.into_reader()?;
        let plan = plan(columns, jobs, max_bytes, readings.then_some(&self.version));
        let tables = py.detach(|| batch::read(&self.pool, data, &plan))?;
        Ok((table(tables.claims, export::arrow::schema())?, table(tables.documents, batch::documents_schema())?))
    }

    #[pyo3(signature = (data, columns=None, jobs=0, max_bytes=None))]
    fn happening_keys(
        &self,
        py: Python<'_>,
        data: AnyRecordBatch,
        columns: Option<Names>,
        jobs: usize,
        max_bytes: Option<usize>,
    ) -> PyResult<PyTable> {
        let data = data.into_reader()?;
        let plan = plan(columns, jobs, max_bytes, None);
        table(py.detach(|| keys::happenings(&self.pool, &self.version, data, &plan))?, keys::happening_schema())
    }
}

fn fault(id: &str, why: &str) -> PyErr {
    DocumentError::new_err((why.to_string(), id.to_string()))
}

fn document(
    text: String,
    title: Option<String>,
    published: Option<String>,
    outlet: Option<String>,
    id: Option<String>,
) -> Document {
    let title = title.filter(|t| !t.is_empty());
    Document {
        id: id.unwrap_or_else(|| content_id(title.as_deref(), &text)),
        title,
        text,
        published: published.map(dated),
        outlet,
        ..Document::default()
    }
}

#[pyfunction]
#[pyo3(signature = (data, columns=None, jobs=0, max_bytes=None))]
fn story_keys(
    py: Python<'_>,
    data: AnyRecordBatch,
    columns: Option<Names>,
    jobs: usize,
    max_bytes: Option<usize>,
) -> PyResult<PyTable> {
    let data = data.into_reader()?;
    let plan = plan(columns, jobs, max_bytes, None);
    table(py.detach(|| keys::stories(data, &plan))?, keys::story_schema())
}

/// Batches of documents out of files, folders or bytes.
#[pyclass(frozen, module = "isnad._native")]
struct Documents(documents::Documents);

#[pymethods]
impl Documents {
    #[staticmethod]
    fn paths(paths: Vec<PathBuf>, rows: usize, bytes: usize) -> PyResult<Self> {
        if paths.is_empty() {
            return Err(PyValueError::new_err("no path was given"));
        }
        Ok(Self(documents::Documents::open(documents::Origin::Paths(paths), rows, bytes)))
    }

    #[staticmethod]
    fn bytes(content: Vec<u8>, name: PathBuf, rows: usize, bytes: usize) -> Self {
        Self(documents::Documents::open(documents::Origin::Bytes(content, name), rows, bytes))
    }

    fn next_batch(&self, py: Python<'_>) -> PyResult<Option<PyRecordBatch>> {
        let batch = py.detach(|| self.0.next()).transpose();
        Ok(batch.map_err(|e| PyRuntimeError::new_err(e.to_string()))?.map(PyRecordBatch::new))
    }

    /// The next document as JSON with its notes; a fault is raised.
    fn next_document(&self, py: Python<'_>) -> PyResult<Option<(String, Option<String>)>> {
        match py.detach(|| self.0.one()) {
            None => Ok(None),
            Some(Err(skip)) => Err(fault(&skip.place, &skip.fault.to_string())),
            Some(Ok(prepared)) => {
                let json =
                    serde_json::to_string(&prepared.document).map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
                Ok(Some((json, documents::notes(&prepared))))
            }
        }
    }
}

#[pyfunction]
fn schemas() -> Vec<(&'static str, PySchema)> {
    vec![
        ("claims", PySchema::new(export::arrow::schema())),
        ("documents", PySchema::new(batch::documents_schema())),
        ("intake", PySchema::new(documents::schema())),
        ("story_keys", PySchema::new(keys::story_schema())),
        ("happening_keys", PySchema::new(keys::happening_schema())),
    ]
}

/// What readings depend on: reader, lexicon, weights.
#[pyfunction]
fn version() -> (&'static str, &'static str, &'static str) {
    (reader::VERSION, lexicon_data::FINGERPRINT, weights::FINGERPRINT)
}

#[pymodule]
fn _native(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<Engine>()?;
    m.add_class::<Documents>()?;
    m.add_function(wrap_pyfunction!(story_keys, m)?)?;
    m.add_function(wrap_pyfunction!(schemas, m)?)?;
    m.add_function(wrap_pyfunction!(version, m)?)
}
