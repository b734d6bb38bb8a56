/** Every way in which a graph can be wrong is refused with the place named; right graphs pass. */
import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/failure.ts';
import { checkGraph } from './check-graph.ts';
import type { GraphSpec, NodeKind, Ports } from './graph.ts';

const SPACE = 'a3f1c09d77e2b845';
const OTHER_SPACE = 'ffee00112233aabb';

function kind(name: string, inputs: Ports, outputs: Ports): NodeKind<unknown> {
  return { name, inputs, outputs, run: () => ({}) };
}

const image = { kind: 'image', shape: ['batch', 'height', 'width', 3] };
const kinds = [
  kind('stem', { image }, { featureMaps: { kind: 'featureMaps', shape: ['batch', 48, 64, 16] } }),
  kind(
    'crop',
    { features: { kind: 'featureMaps', shape: ['batch', 'rows', 'columns', 16] } },
    { objects: { kind: 'embedding', shape: ['objects', 32], space: SPACE } },
  ),
  kind(
    'defects',
    { objects: { kind: 'embedding', shape: ['objects', 32], space: SPACE } },
    { probabilities: { kind: 'probabilities', shape: ['objects', 2] } },
  ),
  kind('flatten', { features: { kind: 'featureMaps', shape: ['batch', 3072, 16] } }, { out: image }),
  kind('narrow', { features: { kind: 'featureMaps', shape: ['batch', 48, 64, 8] } }, { out: image }),
  kind('tall', { features: { kind: 'featureMaps', shape: ['batch', 'rows', 'rows', 16] } }, { out: image }),
  kind(
    'foreign',
    { objects: { kind: 'embedding', shape: ['objects', 32], space: OTHER_SPACE } },
    { out: image },
  ),
  kind('spaceless', { image }, { objects: { kind: 'embedding', shape: ['objects', 32] } }),
  kind('loop', { image }, { image }),
];

const inspection: GraphSpec = {
  name: 'inspection',
  inputs: { image },
  nodes: [
    { id: 'head', kind: 'defects', inputs: { objects: 'crop.objects' } },
    { id: 'crop', kind: 'crop', inputs: { features: 'stem.featureMaps' } },
    { id: 'stem', kind: 'stem', inputs: { image: 'input.image' } },
  ],
  outputs: { defects: 'head.probabilities' },
};

/** The right graph with one more node, whose output the graph returns so that only its inputs can be wrong. */
function withNode(
  id: string,
  nodeKind: string,
  inputs: GraphSpec['nodes'][number]['inputs'],
  output = 'out',
): GraphSpec {
  return {
    ...inspection,
    nodes: [...inspection.nodes, { id, kind: nodeKind, inputs }],
    outputs: { ...inspection.outputs, extra: `${id}.${output}` },
  };
}

const wrongGraphs: { problem: string; spec: GraphSpec; message: string }[] = [
  {
    problem: 'an unknown kind of node',
    spec: withNode('x', 'transformer', {}),
    message: 'node x: unknown kind transformer; known are stem, crop',
  },
  {
    problem: 'an id given twice',
    spec: withNode('stem', 'stem', { image: 'input.image' }, 'featureMaps'),
    message: 'node stem: the id is given twice',
  },
  {
    problem: 'a node called like the graph inputs',
    spec: withNode('input', 'loop', { image: 'input.image' }, 'image'),
    message: 'node "input": an id is letters',
  },
  {
    problem: 'a reference to a node that is not there',
    spec: withNode('x', 'crop', { features: 'trunk.featureMaps' }, 'objects'),
    message: 'trunk.featureMaps -> x.features: there is no node "trunk"; nodes are head, crop, stem, x',
  },
  {
    problem: 'a reference to an output that is not there',
    spec: withNode('x', 'crop', { features: 'stem.constructor' }, 'objects'),
    message: 'stem.constructor -> x.features: node stem has no output constructor; there is featureMaps',
  },
  {
    problem: 'a reference to a graph input that is not there',
    spec: withNode('x', 'stem', { image: 'input.photo' }, 'featureMaps'),
    message: 'input.photo -> x.image: the graph has no input photo; there is image',
  },
  {
    problem: 'an input the kind does not have',
    spec: withNode('x', 'loop', { image: 'input.image', mask: 'input.image' }, 'image'),
    message: 'input.image -> x.mask: node x (loop) has no input mask; it has image',
  },
  {
    problem: 'an input that is not connected',
    spec: withNode('x', 'crop', {}, 'objects'),
    message: '? -> x.features: the input is not connected',
  },
  {
    problem: 'port kinds that differ',
    spec: withNode('x', 'crop', { features: 'input.image' }, 'objects'),
    message: 'input.image -> x.features: gives image where featureMaps is expected',
  },
  {
    problem: 'ranks that differ',
    spec: withNode('x', 'flatten', { features: 'stem.featureMaps' }),
    message:
      'stem.featureMaps -> x.features: gives shape [batch, 48, 64, 16] where [batch, 3072, 16] is expected',
  },
  {
    problem: 'extents that differ',
    spec: withNode('x', 'narrow', { features: 'stem.featureMaps' }),
    message:
      'stem.featureMaps -> x.features: gives shape [batch, 48, 64, 16] where [batch, 48, 64, 8] is expected',
  },
  {
    problem: 'one name for two extents',
    spec: withNode('x', 'tall', { features: 'stem.featureMaps' }),
    message:
      'stem.featureMaps -> x.features: extent "rows" is 64 here and 48 at stem.featureMaps -> crop.features',
  },
  {
    problem: 'another embedding space',
    spec: withNode('x', 'foreign', { objects: 'crop.objects' }),
    message:
      'crop.objects -> x.objects: gives values in embedding space a3f1c09d77e2… where space ffee00112233… is expected',
  },
  {
    problem: 'an embedding without the space that is asked for',
    spec: {
      ...withNode('x', 'spaceless', { image: 'input.image' }, 'objects'),
      nodes: [
        { id: 'x', kind: 'spaceless', inputs: { image: 'input.image' } },
        { id: 'head', kind: 'defects', inputs: { objects: 'x.objects' } },
      ],
    },
    message: 'x.objects -> head.objects: gives values without an embedding space where space a3f1c09d77e2…',
  },
  {
    problem: 'a cycle',
    spec: {
      ...inspection,
      nodes: [
        { id: 'c', kind: 'loop', inputs: { image: 'b.image' } },
        { id: 'a', kind: 'loop', inputs: { image: 'b.image' } },
        { id: 'b', kind: 'loop', inputs: { image: 'a.image' } },
      ],
      outputs: { image: 'c.image' },
    },
    message: 'nodes a -> b -> a: they wait for one another in a circle',
  },
  {
    problem: 'an output that refers to nothing',
    spec: { ...inspection, outputs: { ...inspection.outputs, boxes: 'head.boxes' } },
    message: 'head.boxes -> output.boxes: node head has no output boxes; there is probabilities',
  },
  {
    problem: 'a node whose outputs nobody uses',
    spec: { ...withNode('idle', 'stem', { image: 'input.image' }), outputs: inspection.outputs },
    message: 'node idle: nothing uses any of its outputs',
  },
];

describe('checkGraph', () => {
  it('accepts a graph whose edges fit, in whatever order its nodes are written', () => {
    const orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]]; // prettier-ignore
    for (const order of orders) {
      const nodes = order.flatMap((index) => inspection.nodes[index] ?? []);
      expect(checkGraph({ ...inspection, nodes }, kinds).nodes.map((node) => node.id)).toEqual(
        nodes.map((n) => n.id),
      );
    }
  });

  it.each(wrongGraphs)('refuses $problem', ({ spec, message }) => {
    let failure: unknown;
    try {
      checkGraph(spec, kinds);
    } catch (thrown) {
      failure = thrown;
    }
    expect(failure).toBeInstanceOf(BadInput);
    expect((failure as BadInput).code).toBe('graph-invalid');
    expect((failure as BadInput).message).toContain(message);
  });

  it('refuses the right graph as soon as any one of its edges is led elsewhere', () => {
    const sources = [
      'input.image',
      'stem.featureMaps',
      'crop.objects',
      'head.probabilities',
      'stem.nothing',
    ] as const;
    let refused = 0;
    for (const [index, node] of inspection.nodes.entries()) {
      for (const [port, right] of Object.entries(node.inputs)) {
        for (const wrong of sources.filter((source) => source !== right)) {
          const nodes = inspection.nodes.with(index, { ...node, inputs: { ...node.inputs, [port]: wrong } });
          expect(() => checkGraph({ ...inspection, nodes }, kinds), `${wrong} -> ${node.id}.${port}`).toThrow(
            BadInput,
          );
          refused += 1;
        }
      }
    }
    expect(refused).toBe(3 * 4);
  });
});
