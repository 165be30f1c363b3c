//! A form of a server or of somebody else, as fields that can be filled in.
//!
//! What others wrote becomes text and nothing else: names of fields, labels and values are never an id, a class or
//! markup. A picture is shown from its bytes, and nothing is loaded from elsewhere.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, Url};

use super::account_words as words;
use super::parts::browser::local_address;
use super::parts::el::{
    El, IntoView, View, div, fieldset, img, input, label, legend, option, p, select, span, textarea,
};
use super::parts::live::at_end;
use super::parts::outside::outside;
use super::parts::password::password;
use crate::form::{Answer, Field, FieldKind, Form, Media};

/// The fields of a form on the page.
pub(crate) struct Sheet {
    rows: Vec<Row>,
}

struct Row {
    field: Field,
    /// What holds the answer; several for a field of many choices, none for one that takes no answer.
    controls: Vec<Element>,
    complaint: HtmlElement,
}

/// How a field is shown that the page knows better than the form does.
#[derive(Default)]
pub(crate) struct Known {
    /// Its label.
    pub(crate) label: Option<&'static str>,
    /// What is to be known about it.
    pub(crate) hint: Option<String>,
    /// What browsers are told about it.
    pub(crate) complete: Option<&'static str>,
    /// What it holds and keeps.
    pub(crate) given: Option<String>,
}

impl Sheet {
    /// Shows a form. `before` is what was answered to an earlier copy of it.
    pub(crate) fn new(form: &Form, before: &[Answer], known: &dyn Fn(&Field) -> Known) -> (Self, View) {
        let mut rows = Vec::new();
        let mut views: Vec<View> =
            form.title.iter().map(|title| p().class("form-title").child(title.as_str()).into_view()).collect();
        views.extend(form.instructions.iter().map(|text| said(text)));
        for field in &form.fields {
            if field.kind == FieldKind::Fixed {
                views.extend(field.label.iter().chain(&field.values).map(|text| said(text)));
            } else if field.kind != FieldKind::Hidden {
                let answered = before.iter().find(|answer| answer.name == field.name && field.media.is_none());
                let values = answered.map_or(&field.values, |answer| &answer.values);
                let (row, view) = row(field, values, known(field));
                rows.push(row);
                views.push(view);
            }
        }
        (Self { rows }, div().class("fields").child(views).into_view())
    }

    /// What was answered so far.
    pub(crate) fn answers(&self) -> Vec<Answer> {
        self.rows.iter().map(|row| Answer { name: row.field.name.clone(), values: row.values() }).collect()
    }

    /// The answer in the field of a name.
    pub(crate) fn answer(&self, name: &str) -> String {
        let row = self.rows.iter().find(|row| row.field.name == name);
        row.and_then(|row| row.values().into_iter().next()).unwrap_or_default()
    }

    /// Marks every field with what is wrong with it, and goes to the first. Returns whether all is well. `judge` says
    /// what is wrong with an answer.
    pub(crate) fn check(&self, judge: &dyn Fn(&Field, &[String]) -> Option<&'static str>) -> bool {
        let mut first = None;
        for row in &self.rows {
            let values = row.values();
            let is_empty = values.iter().all(|value| value.trim().is_empty());
            let wrong = match row.field.kind {
                FieldKind::Boolean => None,
                _ if is_empty => row.field.required.then_some(words::FIELD_MISSING),
                _ => judge(&row.field, &values),
            };
            row.complaint.set_text_content(wrong);
            for control in &row.controls {
                let _ = match wrong {
                    Some(_) => control.set_attribute("aria-invalid", "true"),
                    None => control.remove_attribute("aria-invalid"),
                };
            }
            if wrong.is_some() && first.is_none() {
                first = row.controls.first().cloned();
            }
        }
        focus(first.as_ref());
        first.is_none()
    }

    /// Gives the focus to the first field that waits for an answer.
    pub(crate) fn focus(&self) {
        let empty =
            self.rows.iter().find(|row| row.values().iter().all(String::is_empty)).or_else(|| self.rows.first());
        focus(empty.and_then(|row| row.controls.first()));
    }
}

impl Row {
    fn values(&self) -> Vec<String> {
        let is_checked = |control: &Element| property(control, "checked").is_truthy();
        let text =
            || self.controls.first().and_then(|control| property(control, "value").as_string()).unwrap_or_default();
        match self.field.kind {
            FieldKind::Boolean => {
                let yes = self.controls.first().is_some_and(is_checked);
                vec![if yes { "1" } else { "0" }.to_owned()]
            }
            FieldKind::Many => {
                let chosen = self.field.options.iter().zip(&self.controls).filter(|(_, control)| is_checked(control));
                chosen.map(|(option, _)| option.value.clone()).collect()
            }
            FieldKind::Lines => text().lines().map(str::to_owned).collect(),
            FieldKind::Addresses => {
                let lines = text();
                lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
            }
            _ => vec![text()],
        }
    }
}

fn property(control: &Element, name: &str) -> JsValue {
    Reflect::get(control, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn focus(control: Option<&Element>) {
    if let Some(control) = control.and_then(|control| control.dyn_ref::<HtmlElement>()) {
        let _ = control.focus();
    }
}

fn said(text: &str) -> View {
    p().class("help").attr("dir", "auto").child(text).into_view()
}

fn row(field: &Field, values: &[String], known: Known) -> (Row, View) {
    let Known { label: known_label, hint, complete, given } = known;
    let own = field.label.clone().unwrap_or_else(|| field.name.clone());
    let title = known_label.map_or(own, str::to_owned);
    let first = given.clone().or_else(|| values.first().cloned()).unwrap_or_default();
    let hint = hint.or_else(|| field.hint.clone()).map(|hint| span().class("help").attr("dir", "auto").child(hint));
    let complaint = span().class("field-complaint").attr("role", "alert");
    let media = field.media.as_ref().map(media);
    let star = (field.required && given.is_none()).then(|| span().class("star").attr("aria-hidden", "true").child("*"));
    let caption = span().class("label").attr("dir", "auto").child((title.as_str(), star));
    let required = field.required.then_some("true");
    let name = |control: El| {
        control.attr("aria-required", required).attr("data-testid", "form-field").attr("data-var", field.name.as_str())
    };
    let mut controls = Vec::new();
    let node = complaint.node();
    let view = match field.kind {
        FieldKind::Boolean => {
            let ticked = matches!(first.as_str(), "1" | "true").then_some("");
            let control = name(input().attr("type", "checkbox")).attr("checked", ticked);
            controls.push(control.node());
            label().class("check").child((control, span().child((title.as_str(), hint, complaint)))).into_view()
        }
        FieldKind::Many => {
            let choices: Vec<View> = field
                .options
                .iter()
                .map(|choice| {
                    let ticked = values.contains(&choice.value).then_some("");
                    let control = name(input().attr("type", "checkbox")).attr("checked", ticked);
                    controls.push(control.node());
                    let words = choice.label.as_ref().unwrap_or(&choice.value);
                    label()
                        .class("check")
                        .child((control, span().attr("dir", "auto").child(words.as_str())))
                        .into_view()
                })
                .collect();
            fieldset().class("field").child((legend().child(caption), media, choices, hint, complaint)).into_view()
        }
        kind => {
            let (shown, control): (El, Element) = match kind {
                FieldKind::Secret => {
                    let (shown, control) = password(complete.unwrap_or("off"));
                    (shown, control.into())
                }
                FieldKind::Lines | FieldKind::Addresses => {
                    let area = textarea().attr("rows", "3").child(values.join("\n"));
                    let control = area.node();
                    (area, control)
                }
                FieldKind::One => {
                    let nothing = option().attr("value", "").child(words::NONE_CHOSEN);
                    let choices: Vec<View> = field
                        .options
                        .iter()
                        .map(|choice| {
                            let chosen = (choice.value == first).then_some("");
                            let words = choice.label.as_ref().unwrap_or(&choice.value);
                            option()
                                .attr("value", choice.value.as_str())
                                .attr("selected", chosen)
                                .child(words.as_str())
                                .into_view()
                        })
                        .collect();
                    let list = select().child((nothing, choices));
                    let control = list.node();
                    (list, control)
                }
                _ => {
                    let line = input()
                        .attr("type", "text")
                        .attr("value", first.as_str())
                        .attr("autocomplete", complete.unwrap_or("off"))
                        .attr("autocapitalize", "none")
                        .attr("spellcheck", "false")
                        .attr("readonly", given.map(|_| ""));
                    let control = line.node();
                    (line, control)
                }
            };
            for (key, value) in [("data-testid", "form-field"), ("data-var", field.name.as_str()), ("dir", "auto")] {
                let _ = control.set_attribute(key, value);
            }
            if field.required {
                let _ = control.set_attribute("aria-required", "true");
            }
            controls.push(control);
            label().class("field").child((caption, media, shown, hint, complaint)).into_view()
        }
    };
    (Row { field: field.clone(), controls, complaint: node }, view)
}

fn media(media: &Media) -> View {
    match media {
        Media::Picture { kind, bytes } => {
            let Some(url) = local_address(*kind, bytes) else { return View::NONE };
            let picture = img().class("challenge").attr("alt", words::PICTURE).attr("src", url.as_str());
            at_end(move || {
                let _ = Url::revoke_object_url(&url);
            });
            picture.into_view()
        }
        Media::Elsewhere { url, sound } => {
            let words = if *sound { words::HEAR } else { words::SEE };
            outside(url, words).map_or(View::NONE, IntoView::into_view)
        }
    }
}
