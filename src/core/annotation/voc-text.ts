/** The XML of one picture in a data set in Pascal VOC form. */
import type { Annotation, ExportedPicture } from './annotation.ts';
import { cornersOfBox } from './pixel-box.ts';

/** Corners are edges in pixels from 0, with their fractions: rounding would cost a small defect much of its box. */
export function vocXml(name: string, picture: ExportedPicture): string {
  return `<annotation>
  <folder>JPEGImages</folder>
  <filename>${escapeXml(name)}</filename>
  <size>
    <width>${picture.widthPx}</width>
    <height>${picture.heightPx}</height>
    <depth>3</depth>
  </size>
  <segmented>0</segmented>
${picture.annotations.map(objectXml).join('')}</annotation>
`;
}

function objectXml({ category, box }: Annotation): string {
  const [left, top, right, bottom] = cornersOfBox(box);
  return `  <object>
    <name>${escapeXml(category)}</name>
    <pose>Unspecified</pose>
    <truncated>0</truncated>
    <difficult>0</difficult>
    <bndbox>
      <xmin>${left}</xmin>
      <ymin>${top}</ymin>
      <xmax>${right}</xmax>
      <ymax>${bottom}</ymax>
    </bndbox>
  </object>
`;
}

/** Control characters have no place in XML, not even as references. */
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
