/**
 * Lint: the walls between the rooms first (who may import whom, and who owns which outside package: all that is
 * not allowed here is refused), then type-aware rules against what goes wrong in programs of promises and streams.
 * `tests/architecture/` proves that each wall stops what it should.
 */
import boundaries from 'eslint-plugin-boundaries';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/**
 * Every room: the rooms it may import besides itself, and its outside packages. `node: false` refuses `node:*`.
 * A room inside another (`hub/config`) is an owner: it has its parent's rights and packages of its own. zod is owned
 * by the wire contract and by each place that parses what comes from outside and is not the wire: a config file, the
 * shell's state.
 */
const rooms = {
  shared: { imports: [], packages: ['zod'], node: false },
  link: { imports: ['shared'], packages: [] },
  collect: { imports: ['shared'], packages: [] },
  'collect/metrics': { owner: 'collect', packages: ['systeminformation'] },
  hub: { imports: ['shared', 'link', 'collect'], packages: ['find-my-way', 'cookie'] },
  'hub/upstreams': { owner: 'hub', packages: ['eventsource-parser', 'zod'] },
  'hub/config': { owner: 'hub', packages: ['yaml', 'zod'] },
  'hub/interop': { owner: 'hub', packages: ['zod', 'pbf', 'snappyjs'] },
  'hub/archive': { owner: 'hub', packages: ['node:sqlite'] },
  'hub/history/store': { owner: 'hub', packages: ['node:sqlite'] },
  agent: { imports: ['shared', 'link', 'collect'], packages: [] },
  'agent/pairing': { owner: 'agent', packages: ['zod'] },
  cli: {
    imports: ['shared', 'link', 'collect', 'hub', 'agent'],
    packages: ['commander', 'eventsource-parser'],
  },
  electron: { imports: ['shared', 'link', 'collect', 'hub', 'agent'], packages: ['electron'] },
  'electron/state': { owner: 'electron', packages: ['zod'] },
  renderer: {
    imports: ['shared'],
    packages: ['vue', 'vue-router', '@fontsource-variable/*'],
    node: false,
  },
  'renderer/stream': { owner: 'renderer', packages: ['zod'], node: false },
  'renderer/charts': { owner: 'renderer', packages: ['chart.js'], node: false },
  'renderer/share': { owner: 'renderer', packages: ['qr'], node: false },
  scripts: {
    imports: ['shared', 'link', 'collect', 'hub', 'agent', 'cli'],
    packages: ['vite', 'rolldown', '@vitejs/plugin-vue', '@playwright/test', 'electron-builder', 'zod'],
  },
  bench: {
    imports: ['shared', 'link', 'collect', 'hub', 'agent', 'cli', 'scripts', 'tests'],
    packages: ['@playwright/test', 'eventsource-parser', 'rolldown', 'systeminformation'],
  },
  'bench/stream/servers': { owner: 'bench', packages: ['better-sse'] },
  'bench/logs': { owner: 'bench', packages: ['tail-file'] },
  tests: {
    imports: ['shared', 'link', 'collect', 'hub', 'agent', 'cli', 'electron', 'renderer', 'scripts', 'bench'],
    packages: [
      'vitest',
      '@playwright/test',
      'zod',
      'yaml',
      'eventsource-parser',
      'find-my-way',
      'vue',
      'vue-router',
      'chart.js',
      'qr',
      'electron',
      'node:sqlite',
    ],
  },
  'tests/support/peers': { owner: 'tests', packages: ['pbf'] },
  'tests/support/clients': {
    owner: 'tests',
    packages: ['eventsource', 'eventsource-client', '@microsoft/fetch-event-source', 'undici'],
  },
  'tests/support/stream-page': { owner: 'tests', packages: ['rolldown'] },
  'tests/desktop': { owner: 'tests', packages: ['electron-builder', '@electron/*'] },
  'tests/architecture': { owner: 'tests', packages: ['eslint', 'typescript', 'typescript-eslint'] },
};

const roomNames = Object.keys(rooms);
const isOwner = (name) => rooms[name].owner !== undefined;
/** A room and the owners inside it: importing a room means any of them. */
const withOwners = (name) => [name, ...roomNames.filter((other) => rooms[other].owner === name)];

function importPolicies(name) {
  const { owner, packages, node = true } = rooms[name];
  const parent = owner ?? name;
  const from = { element: { type: name } };
  const reachable = [parent, ...rooms[parent].imports].flatMap(withOwners);
  const owned = owner === undefined ? packages : [...rooms[owner].packages, ...packages];
  return [
    { from, allow: { to: { element: { type: reachable }, module: { origin: 'local' } } } },
    ...(owned.length > 0 ? [{ from, allow: { to: { module: { origin: 'external', source: owned } } } }] : []),
    ...(node ? [{ from, allow: { to: { module: { origin: 'core' } } } }] : []),
  ];
}

/** A worker's address is asked of the builder by a query, with which the plugin finds no file: here and one folder up, so in the room. */
const workerAddresses = {
  from: { element: { type: 'renderer' } },
  allow: {
    to: { element: { isUnknown: true }, module: { origin: 'local' } },
    dependency: { source: '{.,..}/*worker&url' },
  },
};

const walls = {
  plugins: { boundaries },
  settings: {
    'boundaries/root-path': import.meta.dirname,
    'boundaries/elements': [
      // Owners first: the first match names the room.
      ...roomNames.filter(isOwner).map((name) => ({ type: name, pattern: name, partialMatch: false })),
      ...roomNames
        .filter((name) => !isOwner(name))
        .map((name) => ({ type: name, pattern: name, partialMatch: false })),
    ],
    'boundaries/elements-single-match': true,
    'boundaries/legacy-templates': false,
    'boundaries/additional-dependency-nodes': [
      { selector: 'TSImportType > Literal', kind: 'type', name: 'import-type' },
    ],
    'import/resolver': { node: { extensions: ['.ts', '.vue', '.js', '.json'] } },
  },
  rules: {
    'boundaries/no-unknown-files': 'error',
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        checkAllOrigins: true,
        checkUnknownLocals: true,
        policies: [...roomNames.flatMap(importPolicies), workerAddresses],
      },
    ],
  },
};

/** Rules for every file of ours; each type-aware one guards against a fault that a type-check lets through. */
const code = {
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    '@typescript-eslint/consistent-type-definitions': 'off', // `type` where a union or an inferred type is meant
    '@typescript-eslint/explicit-module-boundary-types': 'error',
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/no-non-null-assertion': 'off', // the plain way past noUncheckedIndexedAccess in hot loops
    '@typescript-eslint/no-unused-vars': [
      'error',
      { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
    ],
    '@typescript-eslint/no-empty-function': 'off',
    'no-console': 'error',
    'no-restricted-imports': ['error', { name: 'zod', message: 'zod/mini: see docs/adr/0087.' }],
    'no-restricted-syntax': [
      'error',
      {
        selector: 'ExportDefaultDeclaration',
        message: 'Use named exports: one name for one thing everywhere.',
      },
      { selector: 'TSEnumDeclaration', message: 'Use a const table or a union: enums are not erasable.' },
    ],
    'no-restricted-globals': [
      'error',
      { name: 'require', message: 'Import it: the walls between rooms are drawn on imports.' },
    ],
    'prefer-const': 'error',
    'object-shorthand': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-case-declarations': 'error',
    'no-cond-assign': 'error',
    'no-constant-condition': 'error',
    'no-control-regex': 'error',
    'no-debugger': 'error',
    'no-empty': 'error',
    'no-empty-character-class': 'error',
    'no-fallthrough': 'error',
    'no-irregular-whitespace': 'error',
    'no-loss-of-precision': 'error',
    'no-misleading-character-class': 'error',
    'no-self-assign': 'error',
    'no-unsafe-finally': 'error',
    'no-useless-escape': 'error',
    'no-var': 'error',
  },
};

const typed = {
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/no-unnecessary-condition': 'off', // exact only where every boundary's type is; ours are parsed
    '@typescript-eslint/no-confusing-void-expression': 'off',
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    '@typescript-eslint/require-await': 'off', // an async signature may be a port's
    '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    '@typescript-eslint/prefer-readonly': 'error',
    '@typescript-eslint/strict-boolean-expressions': 'off',
  },
};

/** ESLint sees the type of an imported `.vue` file as an error type; vue-tsc checks those instead. */
const blindToVueTypes = {
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
};

const inRooms = Object.keys(rooms).filter((name) => !isOwner(name));
const typedFiles = inRooms.flatMap((name) => [`${name}/**/*.ts`, `${name}/**/*.vue`]);

export default tseslint.config(
  { ignores: ['dist/', 'release/', 'coverage/', 'node_modules/', 'test-results/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: typedFiles,
    extends: [
      ...tseslint.configs.recommendedTypeChecked,
      ...vue.configs['flat/recommended'],
      walls,
      code,
      typed,
    ],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
  },
  {
    files: ['renderer/**/*.vue'],
    rules: {
      ...blindToVueTypes,
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-v-html': 'error', // text from a log or a host name is never markup
      'vue/no-undef-components': ['error', { ignorePatterns: ['RouterLink', 'RouterView'] }],
      'vue/no-unused-refs': 'error',
      'vue/prefer-true-attribute-shorthand': 'error',
      'vue/no-mutating-props': ['error', { shallowOnly: true }], // a store may be a prop, and is changed by its own methods
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off', // an optional prop is undefined
      // Prettier's business.
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
    },
  },
  { files: ['renderer/**/*.ts', 'tests/**/*.ts'], rules: blindToVueTypes },
  // Composables and stores are objects of closures, taken apart where they are used.
  { files: ['renderer/**', 'tests/**'], rules: { '@typescript-eslint/unbound-method': 'off' } },
  // What a test support part answers is told by the stand-in or the tool it comes from.
  { files: ['tests/**/*.ts'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  // The terminal is these rooms' own screen.
  { files: ['cli/**', 'scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  // Files at the top configure tools: outside the rooms and their tsconfigs; some tools want a default export.
  {
    files: ['*.ts', '*.js', 'scripts/**/*.mjs'],
    extends: [tseslint.configs.base, code],
    rules: {
      'no-restricted-syntax': 'off',
      'no-console': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
