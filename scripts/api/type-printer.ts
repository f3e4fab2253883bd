// Prints TypeScript types for the API page of the documentation: without `readonly`, and without names that only the
// compiler needs.

import * as ts from 'typescript';

/** The public names of classes that have another name inside constructs. */
const SHOWN_AS: Readonly<Record<string, string>> = { GatewayConstruct: 'Gateway' };

/** Prints types as text, and collects the types of this package that the text names. */
export class Types {
  /** Types of this package that printed types name. The page shows those that no entry exports behind the others. */
  readonly named = new Set<ts.Symbol>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly isOurs: (file: string) => boolean,
  ) {}

  text(node: ts.TypeNode): string {
    if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) return this.text(node.type);
    if (ts.isParenthesizedTypeNode(node)) return this.text(node.type);
    if (ts.isUnionTypeNode(node)) return [...new Set(node.types.map((one) => this.text(one)))].join(' | ');
    if (ts.isArrayTypeNode(node)) return this.list(this.text(node.elementType));
    if (ts.isTypeLiteralNode(node)) return `{ ${node.members.flatMap(propertyText).join(', ')} }`;
    // The type is a list of suggestions for editors, and takes any text.
    if (ts.isIntersectionTypeNode(node) && node.types.some((one) => one.kind === ts.SyntaxKind.StringKeyword))
      return 'string';
    if (ts.isTemplateLiteralTypeNode(node)) return 'string';
    if (ts.isIndexedAccessTypeNode(node)) return this.text(this.fieldOf(node));
    return ts.isTypeReferenceNode(node) ? this.reference(node) : node.getText();
  }

  /** Returns the object types in the lists and unions of a type. Their fields are shown with it. */
  literals(node: ts.TypeNode, path: string): readonly (readonly [path: string, literal: ts.TypeLiteralNode])[] {
    if (ts.isTypeLiteralNode(node)) return [[path, node]];
    if (ts.isTypeOperatorNode(node) || ts.isParenthesizedTypeNode(node)) return this.literals(node.type, path);
    if (ts.isArrayTypeNode(node)) return this.literals(node.elementType, `${path}[]`);
    if (ts.isUnionTypeNode(node)) return node.types.flatMap((one) => this.literals(one, path));
    return ts.isIndexedAccessTypeNode(node) ? this.literals(this.fieldOf(node), path) : [];
  }

  private list(of: string): string {
    return of.includes(' | ') ? `(${of})[]` : `${of}[]`;
  }

  private reference(node: ts.TypeReferenceNode): string {
    const symbol = this.checker.getSymbolAtLocation(node.typeName)!;
    const found = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = found.declarations ?? [];
    const inner = (node.typeArguments ?? []).map((one) => this.text(one));
    // The values say more than their origin.
    if (declaration && ts.isTypeAliasDeclaration(declaration) && ts.isTypeOperatorNode(declaration.type))
      return this.checker
        .typeToString(this.checker.getDeclaredTypeOfSymbol(found), undefined, ts.TypeFormatFlags.InTypeAlias)
        .replaceAll('"', "'");
    if (declaration && ts.isClassDeclaration(declaration)) return SHOWN_AS[found.name] ?? found.name;
    if (declaration && this.isOurs(declaration.getSourceFile().fileName)) this.named.add(found);
    if (found.name === 'Readonly') return inner[0]!;
    return `${found.name}${inner.length > 0 ? `<${inner.join(', ')}>` : ''}`;
  }

  /** Returns the declared type of an indexed access such as `ServerIntent['inside']`. */
  private fieldOf(node: ts.IndexedAccessTypeNode): ts.TypeNode {
    const key = (node.indexType as ts.LiteralTypeNode).literal as ts.StringLiteral;
    const field = this.checker.getTypeFromTypeNode(node.objectType).getProperty(key.text);
    return typeNodeOf(field?.declarations?.[0]) ?? node.indexType;
  }
}

export const typeNodeOf = (declaration: ts.Declaration | undefined): ts.TypeNode | undefined =>
  declaration && (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration))
    ? declaration.type
    : undefined;

const propertyText = (member: ts.TypeElement): string[] =>
  member.name ? [`${member.name.getText()}${member.questionToken ? '?' : ''}`] : [];
