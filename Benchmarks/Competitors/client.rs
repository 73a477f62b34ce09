// The client with Rust's standard library, whose io::copy splices between files, not through its Stdout. client PORT
use std::os::fd::AsFd;
use std::{env, fs::File, io, net::TcpStream};

fn main() -> io::Result<()> {
    let port = env::args().nth(1).expect("a port");
    let mut server = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    let mut output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    io::copy(&mut server, &mut output)?;
    Ok(())
}
