// Rules for names: an exported function begins with a verb, and no type or variable has a name that says nothing.

/** First words of exported functions: verbs, and below them those of predicates. Add a verb where none of these fits. */
const VERBS = new Set(
  `accept add answer apply arm ask assign assume build capture check clean close collect compare compile compute
  configure confirm connect copy count create decode deliver derive describe detect diagnose drop emit encode
  enforce escape evaluate expand expect explain extract fill filter find flag forget format forward get group hash
  import index intern intersect invert join judge keep limit lint list load lower map mark mask match memoize merge
  move name narrow negate normalize order parse pick plan prepare print publish quote read recognize record reduce
  refuse regenerate remove rename render renumber replace require resolve review rewrite roll run scan select set
  shift shorten show sort specify spell spend split state subtract suggest summarize to tokenize trace translate trim
  unescape unite unpack upload use verify walk widen wrap write
  allows applies are begins blocks can contains covers depends does has includes is matches needs overlaps passes
  reaches starts`.split(/\s+/),
);

/** Names of types that say nothing about what they are. */
const EMPTY_TYPES = new Set(
  'Told Said Found Known Asked Held Seen Meant Kept Given Around Settled Made Met Wanted Left Both Thing Things What Which Whole Such'.split(
    ' ',
  ),
);

/** Names of variables that say nothing about what they hold. */
const EMPTY_VARIABLES = new Set(
  'its them those these they such said told meant theirs mine ours own here there which whose whom of by it'.split(' '),
);

const firstWord = (name) => /^_?([a-z]+)/.exec(name)?.[1] ?? '';
const isFunction = (node) =>
  node?.type === 'ArrowFunctionExpression' ||
  node?.type === 'FunctionExpression' ||
  (node?.type === 'TSSatisfiesExpression' && isFunction(node.expression));

function namesIn(pattern) {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      // A shorthand has the name of a property, which its type decides.
      return pattern.properties.flatMap((property) =>
        property.shorthand ? [] : namesIn(property.value ?? property.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'TSParameterProperty':
      return namesIn(pattern.parameter);
    default:
      return [];
  }
}

const exportedFunctions = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      verb: '"{{name}}" is exported and does not begin with a verb (scripts/eslint/names.mjs has the list).',
    },
  },
  create(context) {
    const check = (id) => {
      if (id && !VERBS.has(firstWord(id.name)))
        context.report({ node: id, messageId: 'verb', data: { name: id.name } });
    };
    return {
      'ExportNamedDeclaration > FunctionDeclaration': (node) => check(node.id),
      'ExportNamedDeclaration > VariableDeclaration > VariableDeclarator'(node) {
        if (node.id.type === 'Identifier' && isFunction(node.init)) check(node.id);
      },
    };
  },
};

const plainNames = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { empty: '"{{name}}" says nothing about what it is: use the noun of what it holds.' },
  },
  create(context) {
    const report = (node) => context.report({ node, messageId: 'empty', data: { name: node.name } });
    const checkVariable = (pattern) =>
      namesIn(pattern)
        .filter(({ name }) => EMPTY_VARIABLES.has(name))
        .forEach(report);
    const checkType = ({ id }) => {
      if (id && EMPTY_TYPES.has(id.name)) report(id);
    };
    return {
      VariableDeclarator: ({ id }) => checkVariable(id),
      ':function': ({ params }) => params.forEach(checkVariable),
      TSInterfaceDeclaration: checkType,
      TSTypeAliasDeclaration: checkType,
      ClassDeclaration: checkType,
    };
  },
};

export default { rules: { 'exported-functions': exportedFunctions, 'plain-names': plainNames } };
