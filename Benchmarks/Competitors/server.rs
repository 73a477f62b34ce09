// The server with Rust's standard library: a thread a client. server PORT greeting|echo
use std::{env, io, io::Write, net::TcpListener, thread};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().collect();
    let greets = arguments[2] == "greeting";
    let listener = TcpListener::bind(format!("127.0.0.1:{}", arguments[1]))?;
    for client in listener.incoming() {
        let mut client = client?;
        thread::Builder::new().spawn(move || {
            if greets {
                client.write_all(b"Server Message")
            } else {
                io::copy(&mut &client, &mut &client).map(|_| ())
            }
        })?;
    }
    Ok(())
}
