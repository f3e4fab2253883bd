// Reads the exports of the package by the TypeScript compiler: names, types, members and docstrings, as data for the
// API reference.

import { join } from 'node:path';
import * as ts from 'typescript';
import { Types, typeNodeOf } from './type-printer';

/** The parts of a docstring, by its tags. */
export interface Said {
  readonly text: string;
  readonly byDefault?: string;
  /** The codes of problems in its @throws. */
  readonly codes: readonly string[];
  readonly examples: readonly string[];
}

export interface Member {
  readonly name: string;
  /** The type of a field, or the parameters of a method. */
  readonly type: string;
  readonly isMethod: boolean;
  readonly isOptional: boolean;
  readonly said: Said;
}

/** A name that an entry of the package exports, or one that its types name. */
export interface Entry {
  readonly name: string;
  readonly kind: 'construct' | 'function' | 'value' | 'type';
  /** The definition of a type that isn't one object; the parameters of a function; the props type of a construct. */
  readonly is?: string;
  readonly said: Said;
  readonly members: readonly Member[];
}

export interface Api {
  readonly exported: readonly Entry[];
  readonly named: readonly Entry[];
}

/**
 * Returns all exports of these files, by the TypeScript compiler. `root` is the folder of the package's tsconfig.json.
 */
export function apiOf(root: string, files: readonly string[]): Api {
  const { compilerOptions } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
    .config as {
    compilerOptions: object;
  };
  // Docstrings don't need global type packages.
  const { options } = ts.parseJsonConfigFileContent(
    { compilerOptions: { ...compilerOptions, types: [] }, include: [], files: [] },
    ts.sys,
    root,
  );
  const program = ts.createProgram([...files], options);
  return new Reader(program.getTypeChecker()).all(files.map((file) => program.getSourceFile(file)!));
}

/**
 * Returns the symbols in the order of their source. Any import elsewhere may change the order of what `Omit` leaves.
 */
const asWritten = (symbols: readonly ts.Symbol[]): readonly ts.Symbol[] =>
  symbols
    .map((symbol) => {
      const declaration = symbol.declarations?.[0];
      return { symbol, file: declaration?.getSourceFile().fileName ?? '', at: declaration?.pos ?? 0 };
    })
    .sort((a, b) => (a.file === b.file ? a.at - b.at : a.file < b.file ? -1 : 1))
    .map(({ symbol }) => symbol);

class Reader {
  private readonly types: Types;

  constructor(private readonly checker: ts.TypeChecker) {
    this.types = new Types(checker, (file) => !file.includes('/node_modules/') && !file.includes('/data/'));
  }

  all(sources: readonly ts.SourceFile[]): Api {
    const symbols = sources.flatMap((source) => {
      const module = this.checker.getSymbolAtLocation(source);
      return module ? this.checker.getExportsOfModule(module).map((symbol) => this.behind(symbol)) : [];
    });
    const exported = symbols.map((symbol) => this.entry(symbol, true));
    const named: Entry[] = [];
    // The set grows in this loop: the types that a shown type names are shown, too.
    for (const symbol of this.types.named) if (!symbols.includes(symbol)) named.push(this.entry(symbol, false));
    return { exported, named };
  }

  private behind(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private entry(symbol: ts.Symbol, whole: boolean): Entry {
    const { name } = symbol;
    const said = this.said(symbol);
    const [declaration] = symbol.declarations!;
    if (symbol.flags & ts.SymbolFlags.Class)
      return {
        name,
        kind: 'construct',
        is: this.propsOf(declaration as ts.ClassDeclaration),
        said,
        members: this.methodsOf(declaration as ts.ClassDeclaration),
      };
    if (symbol.flags & ts.SymbolFlags.Value) {
      const type = this.checker.getTypeOfSymbol(symbol);
      const [call] = type.getCallSignatures();
      if (call) return { name, kind: 'function', is: this.parameters(call), said, members: [] };
      return {
        name,
        kind: 'value',
        said,
        members: type.getProperties().flatMap((one) => this.member(one.name, [one], false)),
      };
    }
    const type = this.checker.getDeclaredTypeOfSymbol(symbol);
    // An alias that no entry exports is shown by its definition.
    if (ts.isTypeAliasDeclaration(declaration!) && !whole)
      return { name, kind: 'type', is: this.types.text(declaration.type), said, members: [] };
    return { name, kind: 'type', said, members: this.fieldsOf(type) };
  }

  private fieldsOf(type: ts.Type): readonly Member[] {
    const shapes = type.isUnion() ? type.types : [type];
    const isOwn = ({ declarations = [] }: ts.Symbol): boolean =>
      declarations.some((declaration) => !declaration.getSourceFile().fileName.includes('/node_modules/'));
    const names = [
      ...new Set(shapes.flatMap((shape) => asWritten(shape.getProperties().filter(isOwn)).map((one) => one.name))),
    ];
    const all = names.map((name) => {
      const found = shapes.map((shape) => shape.getProperty(name)).filter((one) => one !== undefined);
      return this.member(name, found, found.length < shapes.length);
    });
    const isFirst = ([field]: readonly Member[]): boolean => field !== undefined && !field.isOptional;
    return [...all.filter(isFirst), ...all.filter((one) => !isFirst(one))].flat();
  }

  /** Returns one property of all shapes that have it. The fields of the object that it may be follow it. */
  private member(name: string, symbols: readonly ts.Symbol[], isPartial: boolean): readonly Member[] {
    // A shape declares a property of another shape as `undefined`.
    const own = symbols.filter((symbol) => typeNodeOf(symbol.declarations?.[0])?.getText() !== 'undefined');
    const [first] = own;
    if (!first) return [];
    const nodes = own.flatMap((symbol) => typeNodeOf(symbol.declarations?.[0]) ?? []);
    const said = this.said(first);
    const isOptional = isPartial || symbols.some((symbol) => symbol.flags & ts.SymbolFlags.Optional);
    const [call] = this.checker.getTypeOfSymbol(first).getCallSignatures();
    if (call) return [{ name, type: this.parameters(call), isMethod: true, isOptional, said }];
    const type = [...new Set(nodes.map((node) => this.types.text(node)))].join(' | ');
    const inner = new Map(
      nodes.flatMap((node) => this.types.literals(node, name).flatMap(([path, literal]) => this.inner(path, literal))),
    );
    return [{ name, type, isMethod: false, isOptional, said }, ...[...inner.values()].flat()];
  }

  private inner(path: string, literal: ts.TypeLiteralNode): readonly (readonly [string, readonly Member[]])[] {
    return this.checker
      .getTypeFromTypeNode(literal)
      .getProperties()
      .map((one) => [`${path}.${one.name}`, this.member(`${path}.${one.name}`, [one], false)] as const);
  }

  private propsOf({ members }: ts.ClassDeclaration): string {
    const type = members.find(ts.isConstructorDeclaration)?.parameters[2]?.type;
    return type ? this.types.text(type) : 'none';
  }

  private methodsOf({ members }: ts.ClassDeclaration): readonly Member[] {
    return members.flatMap((one) => {
      const hidden = ts.getCombinedModifierFlags(one) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
      const symbol = one.name && this.checker.getSymbolAtLocation(one.name);
      return hidden || !symbol ? [] : this.member(symbol.name, [symbol], false);
    });
  }

  private parameters(call: ts.Signature): string {
    const given = call.parameters.map((parameter) => {
      const { type, questionToken, initializer } = parameter.valueDeclaration as ts.ParameterDeclaration;
      if (type) this.types.text(type);
      return `${parameter.name}${(questionToken ?? initializer) ? '?' : ''}`;
    });
    return given.join(', ');
  }

  private said(symbol: ts.Symbol): Said {
    const tags = symbol.getJsDocTags(this.checker);
    const all = (name: string): string[] =>
      tags.filter((tag) => tag.name === name).map((tag) => ts.displayPartsToString(tag.text).trim());
    const [byDefault] = all('default');
    return {
      text: ts.displayPartsToString(symbol.getDocumentationComment(this.checker)),
      ...(byDefault === undefined ? {} : { byDefault }),
      codes: all('throws').flatMap((text) => text.split(/,\s+/)),
      examples: all('example'),
    };
  }
}
