/** The queue, the finding under review, and the keys that decide. What comes from the server is text, never markup. */
import { ask, Refused } from './ask.js';
import { Photograph } from './photograph.js';

const $ = (id) => document.getElementById(id);
const photograph = new Photograph($('photograph'));
const state = { queue: [], finding: null, pictures: new Map(), at: 0, isClose: true, busy: false };

const KEYS = {
  c: 'confirmed',
  r: 'rejected',
  b: 'corrected-box',
  k: 'reclassed',
  m: 'missed',
  o: 'second',
  s: 'skip',
};

$('reviewer').value = localStorage.getItem('spanwatch-reviewer') ?? '';
$('reviewer').addEventListener('change', () => {
  localStorage.setItem('spanwatch-reviewer', $('reviewer').value.trim());
  void guarded(start);
});
$('zoom').addEventListener('click', () => zoom());
$('choices').addEventListener('click', (event) => {
  const action = event.target.closest('button')?.dataset.action;
  if (action) void guarded(() => act(action));
});
$('kind-done').addEventListener('click', () => void guarded(() => finishKind()));
$('decision').addEventListener('submit', (event) => event.preventDefault());
$('kind').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') void guarded(() => finishKind());
});
addEventListener('popstate', () => void guarded(open));
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') return settleInputs();
  if (event.target.matches('input') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'z') zoom();
  else if (event.key === 'ArrowRight') turn(1);
  else if (event.key === 'ArrowLeft') turn(-1);
  else if (KEYS[event.key]) void guarded(() => act(KEYS[event.key]));
});
void guarded(start);

async function start() {
  await loadQueue();
  await open();
}

async function loadQueue() {
  const { items, waiting } = await ask(`review-queue?limit=100&reviewer=${encodeURIComponent(reviewer())}`);
  state.queue = items;
  $('waiting').textContent = waiting === 1 ? '1 waits' : `${waiting} wait`;
}

/** The finding that the address names, or the first of the queue. */
async function open() {
  const named = location.pathname.split('/')[2];
  const findingId = named ? decodeURIComponent(named) : state.queue[0]?.findingId;
  drawQueue(findingId);
  $('finding').hidden = findingId === undefined;
  $('nothing').hidden = findingId !== undefined;
  if (findingId === undefined) return;
  const finding = await ask(
    `findings/${encodeURIComponent(findingId)}?reviewer=${encodeURIComponent(reviewer())}`,
  );
  const answers = await Promise.all(finding.imageIds.map((imageId) => ask(`images/${imageId}/annotations`)));
  state.finding = finding;
  state.pictures = new Map(answers.map((answer) => [answer.imageId, answer]));
  state.at = 0;
  state.isClose = finding.boxes.length > 0;
  settleInputs();
  $('reason').value = '';
  drawFinding();
}

async function act(action) {
  if (action === 'skip') return next();
  say(null);
  if (!state.finding) return;
  if (reviewer() === '') {
    $('reviewer').focus();
    return say('Say first who you are.');
  }
  if (action === 'second') return askForAnother();
  if (action === 'corrected-box')
    return drawBox('Drag over the photograph: the box as it should be.', redraw);
  if (action === 'missed') return askKind('missed');
  if (action === 'reclassed') return askKind('reclassed');
  await decide({ decision: action });
}

async function decide(more) {
  const { findingId, revision } = state.finding;
  const reason = $('reason').value.trim() || undefined;
  await ask(`findings/${findingId}/reviews`, { reviewer: reviewer(), revision, reason, ...more });
  await next();
}

async function askForAnother() {
  const { findingId, revision } = state.finding;
  await ask(`findings/${findingId}/second-opinion`, { reviewer: reviewer(), revision });
  await next();
}

/** The box of this photograph, or another one where it has none. */
async function redraw(bbox) {
  const { imageId } = picture();
  const [box] = state.finding.boxes.filter((each) => each.imageId === imageId);
  await decide({ decision: 'corrected-box', boxes: [{ annotationId: box?.annotationId, imageId, bbox }] });
}

function askKind(purpose) {
  settleInputs();
  $('kind-row').hidden = false;
  $('kind').dataset.purpose = purpose;
  $('kind').value = purpose === 'missed' ? state.finding.kind : '';
  $('kind').focus();
}

async function finishKind() {
  const kind = $('kind').value.trim();
  if (!$('kind').reportValidity() || kind === '') return;
  if ($('kind').dataset.purpose === 'reclassed') return decide({ decision: 'reclassed', kind });
  settleInputs();
  drawBox(`Drag over the photograph: where the ${kind} is.`, async (bbox) => {
    const boxes = [{ imageId: picture().imageId, bbox }];
    const reason = $('reason').value.trim() || undefined;
    await ask('findings', { kind, boxes, reviewer: reviewer(), reason });
    settleInputs();
    await loadQueue();
    await open();
    say('The defect was added. This one still waits for your word.', true);
  });
}

function drawBox(told, onDrawn) {
  settleInputs();
  say(told, true);
  photograph.letDraw((bbox) => void guarded(() => onDrawn(bbox)));
}

function settleInputs() {
  $('kind-row').hidden = true;
  photograph.letDraw(null);
  say(null);
}

async function next() {
  const done = state.finding?.findingId;
  const at = state.queue.findIndex(({ findingId }) => findingId === done);
  const after = state.queue.slice(at + 1)[0]?.findingId;
  await loadQueue();
  const target = state.queue.some(({ findingId }) => findingId === after) ? `/review/${after}` : '/review';
  history.pushState(null, '', target);
  await open();
}

/** One thing at a time; what was refused is told, with what holds now. */
async function guarded(work) {
  if (state.busy) return;
  state.busy = true;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const isOutdated = error.status === 409 || error.status === 412;
    if (isOutdated && state.finding) await open().catch(() => {});
    say(isOutdated ? `${error.message} It is shown as it is now.` : error.message);
  } finally {
    state.busy = false;
  }
}

function zoom() {
  state.isClose = !state.isClose;
  drawPhotograph();
}

function turn(step) {
  const count = state.finding?.imageIds.length ?? 0;
  if (count === 0) return;
  state.at = (state.at + step + count) % count;
  drawFinding();
}

function drawQueue(current) {
  $('queue').replaceChildren(
    ...state.queue.map((item) => {
      const link = make('a', `${words(item.kind)} ${item.outcome === 'clean' ? '?' : ''}`);
      link.href = `/review/${item.findingId}`;
      if (item.findingId === current) link.setAttribute('aria-current', 'true');
      if (item.eventSeverity) link.className = 'event';
      const facts = [
        `${item.lineId} ${item.towerId}`,
        percent(item.probability),
        item.severity && `severity ${item.severity}`,
        item.awaits === 'first' ? null : `${item.awaits} opinion`,
      ];
      link.append(make('small', facts.filter(Boolean).join(' · ')));
      const doubts = [
        item.eventSeverity && `open ${item.eventSeverity} event`,
        item.disagrees && 'sensors say otherwise',
      ].filter(Boolean);
      if (doubts.length > 0) link.append(make('small', doubts.join(' · ')));
      link.addEventListener('click', (event) => {
        event.preventDefault();
        history.pushState(null, '', link.href);
        void guarded(open);
      });
      const entry = make('li', '');
      entry.append(link);
      return entry;
    }),
  );
}

function drawFinding() {
  const { finding } = state;
  document.title = `${words(finding.kind)} on ${finding.towerId}: review`;
  $('title').textContent =
    `${finding.outcome === 'clean' ? 'No ' : ''}${words(finding.kind)} on ${finding.lineId} ${finding.towerId}`;
  const facts = [
    finding.reviewState === 'unreviewed'
      ? 'proposed'
      : `${finding.reviewState} by ${finding.reviewedBy ?? 'a person'}`,
    finding.modelVersion && `detector ${percent(finding.probability)}`,
    finding.severity && `severity ${finding.severity} of 5`,
    finding.heightMetre !== null && `about ${Math.round(finding.heightMetre)} m up`,
    `flight ${finding.flightId}`,
    new Date(finding.inspectedAt).toLocaleString(),
    finding.isBlind && 'your own opinion is asked for: what others said is not shown',
  ];
  $('facts').textContent = facts.filter(Boolean).join(' · ');
  $('pictures').replaceChildren(
    ...finding.imageIds.map((imageId, index) => {
      const button = make('button', '');
      button.type = 'button';
      button.className = index === state.at ? 'on' : '';
      const image = make('img', '');
      image.src = `/v1/images/${imageId}/thumbnail`;
      image.alt = `Photograph ${index + 1} of ${finding.imageIds.length}`;
      button.append(image);
      button.addEventListener('click', () => turn(index - state.at));
      return button;
    }),
  );
  $('pictures').hidden = finding.imageIds.length < 2;
  $('history').hidden = finding.reviews.length === 0;
  $('reviews').replaceChildren(
    ...finding.reviews.map(({ reviewedAt, reviewer: by, decision, kindAfter, reason }) => {
      const what = decision === 'reclassed' ? `said it is ${words(kindAfter)}` : decision.replace('-', ' ');
      return make(
        'li',
        `${new Date(reviewedAt).toLocaleString()}: ${by} ${what}${reason ? `: ${reason}` : ''}`,
      );
    }),
  );
  drawPhotograph();
}

function drawPhotograph() {
  const { finding } = state;
  const shown = picture();
  if (!shown) return $('photograph').replaceChildren();
  const own = finding.boxes.filter(({ imageId }) => imageId === shown.imageId);
  const ids = new Set(own.map(({ annotationId }) => annotationId));
  const others = finding.isBlind
    ? []
    : shown.annotations.filter(({ annotationId }) => !ids.has(annotationId));
  const boxes = [
    ...own.map((box) => ({ bbox: box.bbox, className: box.state, label: label(box) })),
    ...others.map((box) => ({ bbox: box.bbox, className: 'other', label: label(box) })),
  ];
  photograph.show(shown, boxes, state.isClose && own.length > 0);
  const place = `photograph ${state.at + 1} of ${finding.imageIds.length}`;
  $('caption').textContent = [place, ...own.map(label)].join(' · ');
}

function picture() {
  return state.pictures.get(state.finding.imageIds[state.at]);
}

function label({ category, score, state: standing }) {
  return `${words(category)} ${score === null ? 'by a person' : percent(score)}, ${standing}`;
}

function say(text, isGood = false) {
  $('message').hidden = text === null;
  $('message').textContent = text ?? '';
  $('message').className = isGood ? 'good' : '';
}

function reviewer() {
  return $('reviewer').value.trim();
}

function words(kind) {
  return kind.replaceAll('_', ' ');
}

function percent(probability) {
  return `${Math.round(100 * probability)} %`;
}

function make(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
