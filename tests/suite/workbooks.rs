//! The workbooks of the samples' own maker, for tests: one program writes every synthetic hazard log.

#![allow(dead_code)] // the maker writes more than tests ask for

#[path = "../../examples/make_samples/control_rows.rs"]
pub mod control_rows;
#[path = "../../examples/make_samples/document_sheets.rs"]
mod document_sheets;
#[path = "../../examples/make_samples/fault.rs"]
pub mod fault;
#[path = "../../examples/make_samples/hazard_log.rs"]
pub mod hazard_log;
#[path = "../../examples/make_samples/risk_matrix.rs"]
mod risk_matrix;
#[path = "../../examples/make_samples/source.rs"]
mod source;
#[path = "../../examples/make_samples/style.rs"]
mod style;
#[path = "../../examples/make_samples/template.rs"]
pub mod template;
#[path = "../../examples/make_samples/tom.rs"]
pub mod tom;

pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;
