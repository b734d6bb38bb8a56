/** The XMP properties of a photograph by their local name, whatever prefix a maker uses: `GimbalYawDegree`. */
import { XMLParser } from 'fast-xml-parser';

/** Cameras write a few kilobytes. */
const MOST_BYTES = 1_000_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // Entities that unfold to gigabytes stay folded.
  processEntities: false,
});

/** @returns what could be read: nothing of what is no XMP */
export function readXmp(bytes: Uint8Array): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  if (bytes.byteLength > MOST_BYTES) return properties;
  try {
    const document: unknown = parser.parse(new TextDecoder().decode(bytes));
    const rdf = child(child(document, 'xmpmeta') ?? document, 'RDF');
    for (const description of listOf(child(rdf, 'Description'))) {
      if (typeof description !== 'object' || description === null) continue;
      for (const [name, value] of Object.entries(description)) {
        if (typeof value === 'string' && !properties.has(name)) properties.set(name, value.trim());
      }
    }
  } catch {
    // Damaged XMP says nothing.
  }
  return properties;
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
