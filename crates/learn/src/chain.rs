use crate::vector;

/// Labels that are compared at once.
const LANES: usize = 8;

/// The best label sequence (Viterbi). `transitions` as in [`crate::Model::transitions`]; at most 256 labels.
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
    let now = &mut now[..n];
    for ((x, t), e) in now.iter_mut().zip(&transitions[n * n..]).zip(emissions) {
        *x = t + e;
    }
    // the transitions into each block of labels, from one label after the other
    let blocks = n.div_ceil(LANES);
    let mut into = vec![[f32::NEG_INFINITY; LANES]; blocks * n];
    for (i, row) in transitions[..n * n].chunks_exact(n).enumerate() {
        for (block, part) in row.chunks(LANES).enumerate() {
            into[block * n + i][..part.len()].copy_from_slice(part);
        }
    }
    let mut next = [[0f32; LANES]; 256 / LANES];
    let mut came = [[0u32; LANES]; 256 / LANES];
    #[allow(clippy::inline_always)]
    vector::run(
        #[inline(always)]
        || {
            for (e, back) in emissions.chunks_exact(n).zip(back.chunks_exact_mut(n)).skip(1) {
                for ((next, came), into) in next.iter_mut().zip(&mut came).zip(into.chunks_exact(n)) {
                    (*next, *came) = best_from(now, into);
                }
                for (b, from) in back.iter_mut().zip(came.as_flattened()) {
                    *b = *from as u8;
                }
                for ((x, y), e) in now.iter_mut().zip(next.as_flattened()).zip(e) {
                    *x = y + e;
                }
            }
        },
    );
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

/// The best scores of the labels of a block, and the labels they come from: the first of equals.
#[inline(always)] // compiled for each kind of processor
#[allow(clippy::inline_always)]
fn best_from(now: &[f32], into: &[[f32; LANES]]) -> ([f32; LANES], [u32; LANES]) {
    let mut best = [f32::NEG_INFINITY; LANES];
    let mut came = [0u32; LANES];
    for (i, (from, row)) in now.iter().zip(into).enumerate() {
        for l in 0..LANES {
            let s = from + row[l];
            let better = s > best[l];
            best[l] = if better { s } else { best[l] };
            came[l] = if better { i as u32 } else { came[l] };
        }
    }
    (best, came)
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
