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
    let mut came = [0u32; 256];
    let (now, next, came) = (&mut now[..n], &mut next[..n], &mut came[..n]);
    for ((x, t), e) in now.iter_mut().zip(&transitions[n * n..]).zip(emissions) {
        *x = t + e;
    }
    let steps = emissions.chunks_exact(n).zip(back.chunks_exact_mut(n)).skip(1);
    for (e, back) in steps {
        next.fill(f32::NEG_INFINITY);
        came.fill(0);
        for (i, (from, row)) in now.iter().zip(transitions.chunks_exact(n)).enumerate() {
            // both are chosen anew, without a branch, so that several labels are compared at once
            for ((x, came), t) in next.iter_mut().zip(came.iter_mut()).zip(row) {
                let s = from + t;
                let better = s > *x;
                *x = if better { s } else { *x };
                *came = if better { i as u32 } else { *came };
            }
        }
        for (b, came) in back.iter_mut().zip(came.iter()) {
            *b = *came as u8;
        }
        for ((x, y), e) in now.iter_mut().zip(next.iter()).zip(e) {
            *x = y + e;
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
