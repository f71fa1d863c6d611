//! The few rules of protocol buffers that a graph's outline needs (<https://protobuf.dev/programming-guides/encoding/>).

/// The bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// A message, as the iterator of its fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a>(pub &'a [u8]);

/// One field of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub number: u64,
    pub value: Value<'a>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub fn number(self) -> Result<u64, Broken> {
        match self {
            Value::Number(number) => Ok(number),
            Value::Bytes(_) => Err(Broken),
        }
    }

    /// A list of numbers, packed or one alone.
    pub fn numbers(self) -> Result<Vec<u64>, Broken> {
        match self {
            Value::Number(number) => Ok(vec![number]),
            Value::Bytes(mut bytes) => {
                let mut numbers = Vec::new();
                while !bytes.is_empty() {
                    numbers.push(varint(&mut bytes)?);
                }
                Ok(numbers)
            }
        }
    }

    pub fn message(self) -> Result<Message<'a>, Broken> {
        match self {
            Value::Bytes(bytes) => Ok(Message(bytes)),
            Value::Number(_) => Err(Broken),
        }
    }

    pub fn text(self) -> Result<String, Broken> {
        match self {
            Value::Bytes(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            Value::Number(_) => Err(Broken),
        }
    }

    /// Bytes that it takes in the file; a number alone stands for eight.
    pub fn len(self) -> u64 {
        match self {
            Value::Bytes(bytes) => bytes.len() as u64,
            Value::Number(_) => 8,
        }
    }
}

impl<'a> Iterator for Message<'a> {
    type Item = Result<Field<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = field(&mut self.0);
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

fn field<'a>(bytes: &mut &'a [u8]) -> Result<Field<'a>, Broken> {
    let key = varint(bytes)?;
    let value = match key & 7 {
        0 => Value::Number(varint(bytes)?),
        1 => Value::Bytes(take(bytes, 8)?),
        2 => {
            let length = usize::try_from(varint(bytes)?).map_err(|_| Broken)?;
            Value::Bytes(take(bytes, length)?)
        }
        5 => Value::Bytes(take(bytes, 4)?),
        _ => return Err(Broken),
    };
    match key >> 3 {
        0 => Err(Broken),
        number => Ok(Field { number, value }),
    }
}

fn varint(bytes: &mut &[u8]) -> Result<u64, Broken> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(Broken)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Broken)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], Broken> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Broken)?;
    *bytes = rest;
    Ok(taken)
}
