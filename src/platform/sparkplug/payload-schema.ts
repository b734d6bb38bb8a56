/**
 * The protobuf schema of a Sparkplug B payload (specification 3.0, section 6.4.1), as protobufjs takes it.
 *
 * Vendors' extensions are left out: what has no field here is skipped, as protobuf wants it.
 */
import protobuf from 'protobufjs/light.js';

type Fields = Readonly<Record<string, readonly [id: number, type: string, rule?: 'repeated']>>;

/** @param oneof names of the fields of which at most one is there; `value` says which */
function message(fields: Fields, oneof: readonly string[] = []): protobuf.IType {
  return {
    // In which a zero that was sent differs from nothing sent.
    edition: 'proto2',
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [name, { id, type, ...(rule && { rule }) }]),
    ),
    ...(oneof.length > 0 && { oneofs: { value: { oneof: [...oneof] } } }),
  };
}

const SCALARS = [
  'intValue',
  'longValue',
  'floatValue',
  'doubleValue',
  'booleanValue',
  'stringValue',
] as const;
const SCALAR_TYPES = ['uint32', 'uint64', 'float', 'double', 'bool', 'string'] as const;

/** The six scalars have the same order everywhere and only begin at another number. */
function scalarsFrom(firstId: number): Fields {
  return Object.fromEntries(SCALARS.map((name, index) => [name, [firstId + index, SCALAR_TYPES[index]!]]));
}

const Extension = message({});

const root = protobuf.Root.fromJSON({
  nested: {
    Extension,
    Payload: message({
      timestamp: [1, 'uint64'],
      metrics: [2, 'Metric', 'repeated'],
      seq: [3, 'uint64'],
      uuid: [4, 'string'],
      body: [5, 'bytes'],
    }),
    Metric: message(
      {
        name: [1, 'string'],
        alias: [2, 'uint64'],
        timestamp: [3, 'uint64'],
        datatype: [4, 'uint32'],
        isHistorical: [5, 'bool'],
        isTransient: [6, 'bool'],
        isNull: [7, 'bool'],
        metadata: [8, 'MetaData'],
        properties: [9, 'PropertySet'],
        ...scalarsFrom(10),
        bytesValue: [16, 'bytes'],
        datasetValue: [17, 'DataSet'],
        templateValue: [18, 'Template'],
        extensionValue: [19, 'Extension'],
      },
      [...SCALARS, 'bytesValue', 'datasetValue', 'templateValue', 'extensionValue'],
    ),
    MetaData: message({
      isMultiPart: [1, 'bool'],
      contentType: [2, 'string'],
      size: [3, 'uint64'],
      seq: [4, 'uint64'],
      fileName: [5, 'string'],
      fileType: [6, 'string'],
      md5: [7, 'string'],
      description: [8, 'string'],
    }),
    PropertySet: message({ keys: [1, 'string', 'repeated'], values: [2, 'PropertyValue', 'repeated'] }),
    PropertySetList: message({ propertyset: [1, 'PropertySet', 'repeated'] }),
    PropertyValue: message(
      {
        type: [1, 'uint32'],
        isNull: [2, 'bool'],
        ...scalarsFrom(3),
        propertysetValue: [9, 'PropertySet'],
        propertysetsValue: [10, 'PropertySetList'],
        extensionValue: [11, 'Extension'],
      },
      [...SCALARS, 'propertysetValue', 'propertysetsValue', 'extensionValue'],
    ),
    DataSet: message({
      numOfColumns: [1, 'uint64'],
      columns: [2, 'string', 'repeated'],
      types: [3, 'uint32', 'repeated'],
      rows: [4, 'Row', 'repeated'],
    }),
    Row: message({ elements: [1, 'DataSetValue', 'repeated'] }),
    DataSetValue: message({ ...scalarsFrom(1), extensionValue: [7, 'Extension'] }, [
      ...SCALARS,
      'extensionValue',
    ]),
    Template: message({
      version: [1, 'string'],
      metrics: [2, 'Metric', 'repeated'],
      parameters: [3, 'Parameter', 'repeated'],
      templateRef: [4, 'string'],
      isDefinition: [5, 'bool'],
    }),
    Parameter: message(
      { name: [1, 'string'], type: [2, 'uint32'], ...scalarsFrom(3), extensionValue: [9, 'Extension'] },
      [...SCALARS, 'extensionValue'],
    ),
  },
});

export const payloadSchema = root.lookupType('Payload');
