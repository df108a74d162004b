//! Intake as the command line asks for it, and where it tells what could not be read.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use intake::web::Rules;
use intake::{Skip, Sources};

use crate::cli::IntakeArgs;
use crate::error::Fatal;
use crate::progress::Progress;

/// The sources under the user's rules.
pub fn sources(args: &IntakeArgs) -> Sources {
    let rules = Rules {
        allow_private: args.allow_private,
        gap: Duration::from_secs_f64(args.delay),
        whole: Duration::from_secs_f64(args.timeout.max(0.1)),
        ..Rules::default()
    };
    Sources::new(args.columns.clone(), args.fetch, rules)
}

/// Tells what was skipped: on standard error, and as JSON Lines in a file if one is asked for. Counts it.
pub struct Report {
    file: Option<(BufWriter<File>, PathBuf)>,
    count: usize,
}

impl Report {
    /// Opens the file.
    pub fn open(path: Option<&Path>) -> Result<Self, Fatal> {
        let file = path.map(|path| match File::create(path) {
            Ok(file) => Ok((BufWriter::new(file), path.to_path_buf())),
            Err(source) => Err(Fatal::Report { path: path.into(), source }),
        });
        Ok(Self { file: file.transpose()?, count: 0 })
    }

    /// Tells of one skip.
    pub fn skip(&mut self, skip: &Skip, progress: &Progress) -> Result<(), Fatal> {
        self.count += 1;
        progress.error(&skip.to_string());
        if let Some((file, path)) = &mut self.file {
            // flushed at once: a run that is killed leaves what it knew
            let written = file.write_all(skip.report_line().as_bytes()).and_then(|()| file.flush());
            written.map_err(|source| Fatal::Report { path: path.clone(), source })?;
        }
        Ok(())
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.count
    }
}
