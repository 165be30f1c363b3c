use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::platform::banner;

#[wasm_bindgen_test]
fn a_problem_is_shown_as_text_with_a_way_out() {
    let document = web_sys::window().unwrap().document().unwrap();
    banner::show("<b>it stopped</b>", true);
    let place = document.get_element_by_id("boot-problem").unwrap();
    assert_eq!(place.text_content().unwrap(), "<b>it stopped</b> Reload");
    assert_eq!(place.child_element_count(), 1);
    assert!(place.query_selector("b").unwrap().is_none());

    place.set_attribute("hidden", "").unwrap();
    banner::show("another", false);
    assert_eq!(place.text_content().unwrap(), "another");
    assert!(!place.has_attribute("hidden"));
    place.remove();
}
