use super::*;

/// Small, repeatable, and good enough to mix texts.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % bound
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const WIDE: Limits = Limits { max_bytes: 1 << 24, max_depth: 64, max_values: 1 << 20, max_grants: 0 };

fn any(text: &[u8]) -> Result<Value, Error> {
    parse(text, &WIDE, Numbers::Any)
}

#[track_caller]
fn refused(text: &str) -> (ErrorCode, String) {
    let error = parse(text.as_bytes(), &Limits::SNAPSHOT, Numbers::Safe).expect_err("should be refused");
    (error.code(), error.path().to_string())
}

#[test]
fn refusals_name_code_and_path() {
    assert_eq!(refused(r#"{"a":[{"b":1,"b":2}]}"#), (ErrorCode::KeyDuplicate, "$.a[0].b".into()));
    assert_eq!(refused(r#"{"a":9007199254740993}"#), (ErrorCode::NumberRange, "$.a".into()));
    assert_eq!(refused("{\"a b\":\"\\u0000\"}"), (ErrorCode::TextNul, "$[\"a b\"]".into()));
    assert_eq!(refused("{\"a\\u0000\":1}"), (ErrorCode::TextNul, "$[\"a\\0\"]".into()));
    assert_eq!(refused("{\"a\":\"\\ud800\"}"), (ErrorCode::Json, "$.a".into()));
    assert_eq!(refused("{\"a\":\"\\u0000\\x\"}"), (ErrorCode::Json, "$.a".into()));
    assert_eq!(refused("{\"a\":1"), (ErrorCode::Json, "$".into()));
    assert_eq!(refused("{\"a\" 1"), (ErrorCode::Json, "$.a".into()));
    assert_eq!(refused("[0,[1 2]]"), (ErrorCode::Json, "$[1][1]".into()));
    assert_eq!(refused("[01]"), (ErrorCode::Json, "$[0]".into()));
    assert_eq!(refused("[1e400]"), (ErrorCode::Json, "$[0]".into()));
    assert_eq!(refused("{} x"), (ErrorCode::Json, "$".into()));
    assert_eq!(refused("\u{feff}{}"), (ErrorCode::Json, "$".into()));
    assert_eq!(refused("").0, ErrorCode::Json);
    assert_eq!(refused(&"[".repeat(10_000)).0, ErrorCode::TooDeep);
}

#[test]
fn of_several_duplicates_the_first_in_byte_order_is_named() {
    for size in [4, 15, 16, 17, 18, 300] {
        let filler: String = (4..size).map(|at| format!("\"k{at}\":{{\"x\":[1,2]}},")).collect();
        let text = format!("{{\"z\":1,\"b\\u0061\":[],{filler}\"z\":2,\"ba\":{{}}}}");
        assert_eq!(refused(&text), (ErrorCode::KeyDuplicate, "$.ba".into()), "{size}");
        assert!(any(text.replace("\"z\":2,\"ba\"", "\"y\":2,\"bb\"").as_bytes()).is_ok(), "{size}");
    }
}

#[test]
fn a_syntax_error_says_line_and_column() {
    let message = |text: &str| any(text.as_bytes()).expect_err("no JSON").message().to_string();
    assert_eq!(message("{\n  \"ä\": nul }"), "not valid JSON: a value is expected (line 2, column 8)");
    assert_eq!(message("[1,\n\n 2"), "not valid JSON: `,` or `]` is expected (line 3, column 3)");
    assert_eq!(message(""), "not valid JSON: a value is expected (line 1, column 1)");
}

#[test]
fn limits_hold_at_n_and_fail_at_n_plus_one() {
    let limits = Limits { max_bytes: 7, max_depth: 2, max_values: 4, max_grants: 1 };
    let code = |text: &str| parse(text.as_bytes(), &limits, Numbers::Safe).map(drop).map_err(|error| error.code());
    assert_eq!(code("[[1,2]]"), Ok(()));
    assert_eq!(code("[[1,2]] "), Err(ErrorCode::TooLarge));
    assert_eq!(code("[[[]]]"), Err(ErrorCode::TooDeep));
    assert_eq!(code("[1,2,3]"), Ok(()));
    assert_eq!(code("[1,[2,3"), Err(ErrorCode::TooMany));
    let deep = |levels: usize| parse(("[".repeat(levels) + &"]".repeat(levels)).as_bytes(), &Limits::SNAPSHOT, Numbers::Safe);
    assert!(deep(64).is_ok());
    assert_eq!(deep(65).map_err(|error| (error.code(), error.path().len())), Err((ErrorCode::TooDeep, 1 + 64 * 3)));
    // Nothing that walks a document later can run out of stack, whatever limits are asked for.
    let endless = Limits { max_depth: usize::MAX, ..Limits::SNAPSHOT };
    let text = "[".repeat(1 << 20);
    assert_eq!(parse(text.as_bytes(), &endless, Numbers::Safe).map_err(|error| error.code()), Err(ErrorCode::TooDeep));
}

#[test]
fn numbers_are_the_nearest_doubles() {
    let mut dice = Dice(11);
    let mut texts: Vec<String> = [
        "0",
        "-0",
        "-0.0",
        "0e0",
        "1E5",
        "1e+5",
        "1e-5",
        "123456789012345",
        "-123456789012345",
        "1234567890123456",
        "9007199254740991",
        "9007199254740993",
        "18446744073709551616",
        "0.1",
        "1.7976931348623157e308",
        "4.9e-324",
        "2.4703282292062327e-324",
        "1e-400",
        "0.000000000000000000000000000000000000001",
        "100000000000000000000000000000000",
        "5e-1",
        "-1.5E+300",
    ]
    .map(Into::into)
    .into();
    for _ in 0..20_000 {
        texts.push(f64::from_bits(dice.0).to_string());
        texts.push(format!("{:e}", f64::from_bits(dice.0 ^ dice.0 << 7)));
        let digits = 1 + dice.below(25);
        texts.push((0..digits).map(|_| char::from(b'1' + dice.below(9) as u8)).collect());
    }
    for text in texts.iter().filter(|text| !text.contains("NaN") && !text.contains("inf")) {
        let wanted: f64 = text.parse().expect("a number");
        match any(text.as_bytes()) {
            Ok(Value::Number(number)) => assert_eq!(number.to_bits(), wanted.to_bits(), "{text}"),
            other => panic!("{text}: {other:?}"),
        }
        let safe = parse(text.as_bytes(), &WIDE, Numbers::Safe).map(drop).map_err(|error| error.code());
        assert_eq!(safe, if wanted.abs() <= MAX_SAFE { Ok(()) } else { Err(ErrorCode::NumberRange) }, "{text}");
    }
    for text in ["-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1.e5", "0x1", "1_0", "NaN", "Infinity", "1e309", "-1e999", "--1", "1 2"]
    {
        assert_eq!(any(text.as_bytes()).map_err(|error| error.code()), Err(ErrorCode::Json), "{text}");
    }
}

/// What serde_json makes of a text, in our own terms.
fn oracle(text: &[u8]) -> Option<Value> {
    fn convert(value: serde_json::Value) -> Value {
        match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Bool(flag),
            serde_json::Value::Number(number) => Value::Number(number.as_f64().expect("a double")),
            serde_json::Value::String(text) => Value::Text(text.into()),
            serde_json::Value::Array(items) => Value::List(items.into_iter().map(convert).collect()),
            serde_json::Value::Object(members) => {
                Value::Map(members.into_iter().map(|(key, value)| (key.into(), convert(value))).collect())
            }
        }
    }
    serde_json::from_slice(text).ok().map(convert)
}

fn generate(dice: &mut Dice, depth: usize, text: &mut String) {
    let blank = dice.pick(&["", "", "", " ", "\n", "\t\r\n "]);
    text.push_str(blank);
    match dice.below(if depth > 5 { 7 } else { 10 }) {
        0 => text.push_str(dice.pick(&["null", "true", "false"])),
        1 => text.push_str(&(dice.below(2_000) as i64 - 1_000).to_string()),
        2 => text.push_str(dice.pick(&["-0", "0.5", "1e3", "-12.25E-2", "123456789012345678", "1.0", "3e-7", "0.1e1"])),
        3..=6 => string(dice, text),
        7 => {
            let count = dice.below(5);
            text.push('[');
            for at in 0..count {
                if at > 0 {
                    text.push(',');
                }
                generate(dice, depth + 1, text);
            }
            text.push_str(blank);
            text.push(']');
        }
        _ => {
            let count = if dice.below(12) == 0 { dice.below(40) } else { dice.below(5) };
            text.push('{');
            for at in 0..count {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(blank);
                // Numbered, so that no key comes twice.
                text.push_str(&format!("\"{at}"));
                string_inside(dice, text);
                text.push_str("\":");
                generate(dice, depth + 1, text);
            }
            text.push('}');
        }
    }
    text.push_str(blank);
}

fn string(dice: &mut Dice, text: &mut String) {
    text.push('"');
    string_inside(dice, text);
    text.push('"');
}

fn string_inside(dice: &mut Dice, text: &mut String) {
    for _ in 0..dice.below(6) {
        text.push_str(dice.pick(&[
            "a",
            "role",
            "x/y",
            "*",
            "ß",
            "日本",
            "😀",
            "\u{7f}",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b\\f\\r\\t",
            "\\u0041",
            "\\u00e9",
            "\\uD83D\\uDE00",
            "\\u2028",
            "\u{2028}",
            " ",
            "\\uffff",
        ]));
    }
}

#[test]
fn generated_and_mutated_texts_are_read_as_serde_json_reads_them() {
    let mut dice = Dice(0x5EED);
    let (mut good, mut bad) = (0, 0);
    let mut text = String::new();
    for round in 0..60_000 {
        let mut bytes = if round % 3 == 0 {
            text.clear();
            generate(&mut dice, 0, &mut text);
            text.clone().into_bytes()
        } else {
            mutate(&mut dice, text.as_bytes())
        };
        if round % 50 == 1 {
            bytes.truncate(dice.below(bytes.len() + 1));
        }
        let shown = || String::from_utf8_lossy(&bytes).into_owned();
        match (any(&bytes), oracle(&bytes)) {
            (Ok(read), Some(wanted)) => {
                assert_eq!(read, wanted, "{}", shown());
                // What we write is read again as the same.
                assert_eq!(any(read.to_json().as_bytes()).as_ref(), Ok(&read), "{}", shown());
                good += 1;
            }
            (Err(error), oracle) => {
                // What serde_json takes and we do not may also stand before what neither takes.
                let ours = matches!(error.code(), ErrorCode::KeyDuplicate | ErrorCode::TextNul);
                assert!(ours || oracle.is_none() && error.code() == ErrorCode::Json, "{error} {}", shown());
                bad += 1;
            }
            (Ok(read), None) => panic!("{read:?} {}", shown()),
        }
    }
    assert!(good > 20_000 && bad > 10_000, "{good} {bad}");
}

fn mutate(dice: &mut Dice, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(2) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(5) {
            0 if at < bytes.len() => drop(bytes.remove(at)),
            1 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            2 => bytes.insert(at, b"{}[],:\"\\/0123456789.eE+-tfnu \n\x00\x1f\xc3\xff"[dice.below(34)]),
            3 => {
                let piece = dice.pick(&[
                    "null",
                    "\\u0000",
                    "\\ud800",
                    "\\udc00\\ud800",
                    "1e",
                    ",",
                    ":",
                    "\"\"",
                    "[]",
                    "{}",
                    "true",
                    "-",
                    "\u{feff}",
                ]);
                bytes.splice(at..at, piece.bytes());
            }
            _ => {
                let end = (at + dice.below(6)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}

#[test]
fn broken_utf8_is_refused_wherever_it_stands() {
    for (text, path) in [
        (&b"\xff"[..], "$"),
        (b"{} \xff", "$"),
        (b"[\"a\xc3\"]", "$[0]"),
        (b"[\"a\\n\xed\xa0\x80\"]", "$[0]"),
        (b"{\"a\xff\":1}", "$"),
        (b"{\"a\":1\xff}", "$"),
        (b"{\"a\":[1,\"\xf5\", \"", "$.a[1]"),
    ] {
        let error = any(text).expect_err("no UTF-8");
        assert_eq!((error.code(), error.path()), (ErrorCode::Json, path), "{}", text.escape_ascii());
    }
}

#[test]
fn paths_lead_to_what_they_name() {
    let text = br#"{"a":[[],{"b c":[1,2]},"x"],"":{"\"":null,"line\nend":0}}"#;
    let document = read(text, &WIDE, Numbers::Any).expect("JSON");
    let root = document.root();
    let list = root.get("a").expect("a");
    let paths: Vec<String> = list.items().expect("a list").map(|item| item.path()).collect();
    assert_eq!(paths, ["$.a[0]", "$.a[1]", "$.a[2]"]);
    let inner = list.items().expect("a list").nth(1).and_then(|item| item.get("b c")).expect("b c");
    assert_eq!(inner.items().expect("a list").map(|item| item.path()).collect::<Vec<_>>(), ["$.a[1][\"b c\"][0]", "$.a[1][\"b c\"][1]"]);
    let odd = root.get("").expect("a key without letters");
    assert_eq!(
        odd.members().expect("an object").map(|(_, member)| member.path()).collect::<Vec<_>>(),
        ["$[\"\"][\"\\\"\"]", "$[\"\"][\"line\\nend\"]"]
    );
    // Backwards too, though the way is remembered forwards.
    assert_eq!((root.path(), list.path()), ("$".into(), "$.a".into()));
}
