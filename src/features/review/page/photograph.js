/** A photograph with its boxes, near or as a whole, on which a box can be drawn. Boxes are pixels of the original. */

const SVG = 'http://www.w3.org/2000/svg';
/** Closer means: boxes with so much around them, in sizes of what they span. */
const AROUND = 2.5;
const LEAST_PART_PX = 240;
/** Drawn smaller than this, a box was a slip of the hand. */
const LEAST_BOX_PX = 3;

export class Photograph {
  constructor(svg) {
    this.svg = svg;
    this.onDrawn = null;
    svg.addEventListener('pointerdown', (event) => this.begin(event));
    svg.addEventListener('pointermove', (event) => this.stretch(event));
    svg.addEventListener('pointerup', () => this.finish());
    svg.addEventListener('pointercancel', () => this.drop());
  }

  /** @param picture {imageId, widthPx, heightPx}, @param boxes [{bbox, className, label}], those to look at first */
  show(picture, boxes, isClose) {
    const part =
      isClose && boxes[0] ? around(picture, boxes[0].bbox) : [0, 0, picture.widthPx, picture.heightPx];
    const [x, y, width, height] = part;
    const image = document.createElementNS(SVG, 'image');
    set(image, { x, y, width, height, href: `/v1/images/${picture.imageId}/view?box=${part.join()}` });
    this.svg.replaceChildren(image, ...boxes.map(draw));
    set(this.svg, { viewBox: part.join(' ') });
    this.picture = picture;
  }

  /** The next drag over the photograph draws a box. @param onDrawn called with it */
  letDraw(onDrawn) {
    this.onDrawn = onDrawn;
    this.svg.classList.toggle('drawing', onDrawn !== null);
    this.drop();
  }

  begin(event) {
    if (!this.onDrawn) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.start = this.place(event);
    this.drawn = draw({ bbox: [...this.start, 0, 0], className: 'new', label: 'new box' });
    this.svg.append(this.drawn);
  }

  stretch(event) {
    if (!this.start) return;
    const [x, y] = this.place(event);
    this.box = [
      Math.min(x, this.start[0]),
      Math.min(y, this.start[1]),
      Math.abs(x - this.start[0]),
      Math.abs(y - this.start[1]),
    ];
    set(this.drawn, sides(this.box));
  }

  finish() {
    const box = this.box;
    this.start = this.box = undefined;
    if (box && Math.min(box[2], box[3]) >= LEAST_BOX_PX) this.onDrawn(box.map(Math.round));
  }

  drop() {
    this.drawn?.remove();
    this.start = this.box = this.drawn = undefined;
  }

  place({ clientX, clientY }) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const { widthPx, heightPx } = this.picture;
    return [Math.min(widthPx, Math.max(0, point.x)), Math.min(heightPx, Math.max(0, point.y))];
  }
}

function around({ widthPx, heightPx }, [x, y, width, height]) {
  const side = Math.max(LEAST_PART_PX, 2 * AROUND * Math.max(width, height));
  const [w, h] = [Math.min(widthPx, Math.round(side * 1.5)), Math.min(heightPx, Math.round(side))];
  const left = Math.round(Math.min(widthPx - w, Math.max(0, x + width / 2 - w / 2)));
  const top = Math.round(Math.min(heightPx - h, Math.max(0, y + height / 2 - h / 2)));
  return [left, top, w, h];
}

function draw({ bbox, className, label }) {
  const rect = document.createElementNS(SVG, 'rect');
  set(rect, { ...sides(bbox), class: className });
  const title = document.createElementNS(SVG, 'title');
  title.textContent = label;
  rect.append(title);
  return rect;
}

function sides([x, y, width, height]) {
  return { x, y, width, height };
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
