/** Asks the API of the host that the page came from; refusals are thrown with what holds now. */

export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title ?? 'The server did not answer as expected.');
    this.status = problem.status;
    this.current = problem.current;
  }
}

export async function ask(path, body) {
  const init = body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(`/v1/${path}`, init).catch(() => {
    throw new Refused({ detail: 'The server cannot be reached: nothing was sent. Try again.' });
  });
  const answer = await response.json().catch(() => ({ status: response.status }));
  if (!response.ok) throw new Refused(answer);
  return answer;
}
