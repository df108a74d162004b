/// The best label sequence (Viterbi). `transitions` as in [`crate::Model::transitions`].
/// Time `positions × labels²`; `back` is scratch kept by the caller.
pub fn viterbi(emissions: &[f32], transitions: &[f32], labels: usize, back: &mut Vec<u8>, path: &mut Vec<u8>) {
    path.clear();
    back.clear();
    let n = labels;
    let len = emissions.len() / n;
    if len == 0 {
        return;
    }
    back.resize(len * n, 0);
    let mut now = [0f32; 256];
    let mut next = [0f32; 256];
    for j in 0..n {
        now[j] = transitions[n * n + j] + emissions[j];
    }
    for t in 1..len {
        let e = &emissions[t * n..(t + 1) * n];
        next[..n].fill(f32::NEG_INFINITY);
        let b = &mut back[t * n..(t + 1) * n];
        for i in 0..n {
            let row = &transitions[i * n..(i + 1) * n];
            let from = now[i];
            for j in 0..n {
                let s = from + row[j];
                if s > next[j] {
                    next[j] = s;
                    b[j] = i as u8;
                }
            }
        }
        for j in 0..n {
            now[j] = next[j] + e[j];
        }
    }
    let mut best = 0;
    for j in 1..n {
        if now[j] > now[best] {
            best = j;
        }
    }
    path.resize(len, 0);
    for t in (0..len).rev() {
        path[t] = best as u8;
        best = usize::from(back[t * n + best]);
    }
}

#[cfg(test)]
mod tests {
    use super::viterbi;

    #[test]
    fn finds_the_best_path_by_exhaustion() {
        let n = 3;
        let e: Vec<f32> = [0.3, 0.1, -0.2, 0.9, 0.8, 0.1, -0.4, 0.2, 0.25, 0.0, 0.5, 0.45].to_vec();
        let t: Vec<f32> = [0.1, -0.5, 0.3, 0.0, 0.2, -0.1, -0.6, 0.4, 0.0, 0.0, 0.1, 0.2].to_vec();
        let score = |p: &[usize]| {
            let mut s = t[n * n + p[0]] + e[p[0]];
            for i in 1..p.len() {
                s += t[p[i - 1] * n + p[i]] + e[i * n + p[i]];
            }
            s
        };
        let mut best = (f32::MIN, vec![]);
        for c in 0..81usize {
            let p = vec![c % 3, c / 3 % 3, c / 9 % 3, c / 27];
            if score(&p) > best.0 {
                best = (score(&p), p);
            }
        }
        let (mut back, mut path) = (vec![], vec![]);
        viterbi(&e, &t, n, &mut back, &mut path);
        assert_eq!(path.iter().map(|x| usize::from(*x)).collect::<Vec<_>>(), best.1);
    }
}
