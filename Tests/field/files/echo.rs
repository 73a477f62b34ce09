//! An echo server: echo PORT
use std::{env, io, net::TcpListener, thread};

fn main() -> io::Result<()> {
    let port = env::args().nth(1).expect("usage: echo PORT");
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))?;
    for connection in listener.incoming() {
        let connection = connection?;
        thread::spawn(move || io::copy(&mut &connection, &mut &connection));
    }
    Ok(())
}
