/// Lets the threads that the calling thread starts from now on, and itself, give way to others who want the processor:
/// for work in bulk beside people who wait for an answer. On a machine with nothing else to do it costs nothing. Where
/// the system knows no such thing, nothing happens.
pub fn give_way() {
    // refused where the priority is the lowest already: that is what is wanted
    #[cfg(unix)]
    let _ = rustix::process::nice(GENTLE);
}

/// By how many steps of 20; on Linux a thread ten steps lower gets a tenth of the time of one that competes with it.
#[cfg(unix)]
const GENTLE: i32 = 10;
