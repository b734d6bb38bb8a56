/** The datatypes of Sparkplug B by their numbers (specification 3.0, section 6.4.16). */

const NAMES = [
  'Unknown',
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'Float',
  'Double',
  'Boolean',
  'String',
  'DateTime',
  'Text',
  'UUID',
  'DataSet',
  'Bytes',
  'File',
  'Template',
  'PropertySet',
  'PropertySetList',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Int64Array',
  'UInt8Array',
  'UInt16Array',
  'UInt32Array',
  'UInt64Array',
  'FloatArray',
  'DoubleArray',
  'BooleanArray',
  'StringArray',
  'DateTimeArray',
] as const;

export type Datatype = (typeof NAMES)[number];

export function datatypeName(number: number): Datatype {
  return NAMES[number] ?? 'Unknown';
}

export function datatypeNumber(name: Datatype): number {
  return NAMES.indexOf(name);
}
