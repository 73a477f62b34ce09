// The client with Rust's standard library, whose io::copy splices where it can. client PORT
use std::{env, io, net::TcpStream};

fn main() -> io::Result<()> {
    let port = env::args().nth(1).expect("a port");
    let mut server = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    io::copy(&mut server, &mut io::stdout())?;
    Ok(())
}
