// Integrates Carson's correction (Bell System Technical Journal 5, 1926, eq. 28-30) numerically and prints the
// golden numbers: `node test/golden/carson-earth-return.mjs > test/golden/carson-earth-return.json`.
// The impedance over earth between wires at height h and distance d is
//   Z = j·w·mu0/(2·pi)·ln(D/d) + w·mu0/pi·(P + jQ),  P + jQ = integral of (sqrt(k² + j) - k)·exp(-p·k)·cos(q·k) dk
// over k from 0 to infinity, where D is the distance to the other wire's image, a = sqrt(w·mu0/soil),
// p = 2·h·a and q the horizontal distance times a.
const MU0 = 4e-7 * Math.PI;
const HEIGHT_METRE = 0.01; // near the ground: the first terms of the series are the limit of small p

// sqrt(k² + j) - k with k² + j written in polar form
function kernel(k) {
  const modulus = Math.sqrt(Math.hypot(k * k, 1));
  const angle = Math.atan2(1, k * k) / 2;
  return [modulus * Math.cos(angle) - k, modulus * Math.sin(angle)];
}

// Substituting k = e^u tames both ends; Simpson's rule on u.
function correction(p, q) {
  const [from, to, steps] = [-40, Math.log(60 / Math.max(p, q)) , 400_000];
  const width = (to - from) / steps;
  let [real, imaginary] = [0, 0];
  for (let step = 0; step <= steps; step++) {
    const k = Math.exp(from + step * width);
    const weight = (step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2) * (width / 3) * k;
    const decay = Math.exp(-p * k) * Math.cos(q * k);
    const [re, im] = kernel(k);
    real += weight * decay * re;
    imaginary += weight * decay * im;
  }
  return [real, imaginary];
}

const cases = [
  [60, 100, 0.01137],
  [60, 100, 7],
  [60, 50, 7],
  [50, 100, 7],
  [50, 1000, 0.01137],
].map(([frequencyHertz, soilOhmMetre, distanceMetre]) => {
  const w = 2 * Math.PI * frequencyHertz;
  const p = 2 * HEIGHT_METRE * Math.sqrt((w * MU0) / soilOhmMetre);
  const [P, Q] = correction(p, 0);
  const reactanceOhmPerMetre = ((w * MU0) / (2 * Math.PI)) * (Math.log((2 * HEIGHT_METRE) / distanceMetre) + 2 * Q);
  return {
    frequencyHertz,
    soilOhmMetre,
    distanceMetre,
    resistanceOhmPerMetre: ((w * MU0) / Math.PI) * P,
    reactanceOhmPerMetre,
    depthMetre: 2 * HEIGHT_METRE * Math.exp(2 * Q),
  };
});
process.stdout.write(`${JSON.stringify({ cases }, null, 2)}\n`);
