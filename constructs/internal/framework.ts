// Finds the framework of a stack, cdktf or its continuation cdktn, and adds elements of it to the stack. This is the
// only file that loads a framework: the one that the stack's class is of, never the other. The two share all that is
// used here, so cdktf's types stand for both.
import { createRequire } from 'node:module';
import { Construct, IConstruct } from 'constructs';

/** Names of the packages. Each class of a framework has its own in a mark of jsii: `cdktn.TerraformStack`. */
const FRAMEWORK_NAMES = ['cdktf', 'cdktn'] as const;
type FrameworkName = (typeof FRAMEWORK_NAMES)[number];

const JSII_MARK = Symbol.for('jsii.rtti');
/** Both frameworks mark their stacks so. */
const STACK_MARK = Symbol.for('cdktf/TerraformStack');

export const isStack = (value: unknown): value is Construct =>
  typeof value === 'object' && value !== null && STACK_MARK in value;

/** Returns the stack that a construct is in. */
export const findStack = (construct: IConstruct): Construct | undefined =>
  construct.node.scopes.reverse().find(isStack);

/** The name of a stack's framework, and whether it can be loaded. */
export interface StackFramework {
  /** Undefined if the stack is of neither cdktf nor cdktn. */
  readonly name: FrameworkName | undefined;
  /** Whether that package has the stack's class. It has none if npm installed it under another name, or twice. */
  readonly isFound: boolean;
}

export function findFramework(stack: IConstruct): StackFramework {
  const stackClass = findStackClass(stack);
  return { name: stackClass?.name, isFound: stackClass !== undefined && loadElements(stackClass) !== undefined };
}

interface StackClass {
  readonly name: FrameworkName;
  readonly class: object;
}

/** Returns the framework's own class, of which the stack's class is a subclass. */
function findStackClass(stack: IConstruct): StackClass | undefined {
  for (let type: unknown = stack.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    if (!Object.hasOwn(type, JSII_MARK)) continue;
    const { fqn } = (type as unknown as Readonly<Record<symbol, { readonly fqn?: unknown }>>)[JSII_MARK]!;
    const name = FRAMEWORK_NAMES.find((frameworkName) => fqn === `${frameworkName}.TerraformStack`);
    if (name) return { name, class: type };
  }
  return undefined;
}

// An import statement would stay in the declarations, which a project without cdktf couldn't compile.
type Framework = typeof import('cdktf');

/** Elements by the framework's class of stacks. */
const elementsByClass = new WeakMap<object, Elements | undefined>();

function loadElements(stackClass: StackClass): Elements | undefined {
  if (!elementsByClass.has(stackClass.class)) {
    const framework = loadFramework(stackClass);
    elementsByClass.set(stackClass.class, framework && createElements(framework));
  }
  return elementsByClass.get(stackClass.class);
}

/**
 * Loads the package that has the class. Another copy of it doesn't count. The app's own package is asked, too: a linked
 * cpanel-edge has its own dependencies.
 */
function loadFramework(stackClass: StackClass): Framework | undefined {
  for (const file of [__filename, require.main?.filename, `${process.cwd()}/main.js`]) {
    if (file === undefined) continue;
    const load = createRequire(file);
    try {
      load.resolve(stackClass.name);
    } catch {
      continue;
    }
    const framework = load(stackClass.name) as Framework;
    if (framework.TerraformStack === stackClass.class) return framework;
  }
  return undefined;
}

/** @throws Error if `findFramework` doesn't find it: constructs refuse such a stack before they add anything */
function getElements(scope: IConstruct): Elements {
  const stack = findStack(scope);
  const stackClass = stack && findStackClass(stack);
  const elements = stackClass && loadElements(stackClass);
  if (!elements) throw new Error(`${scope.node.path} is in no stack of cdktf or cdktn.`);
  return elements;
}

/** A provisioner of a resource, its fields in camel case. */
export interface Provisioner {
  readonly type: 'local-exec';
  readonly when?: 'destroy';
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A resource of Terraform, but for the content that is rendered at synthesis. */
export interface ResourceHeader {
  readonly type: string;
  readonly logicalId: string;
  readonly lifecycle?: { readonly createBeforeDestroy: boolean };
  /** Undefined if the resource is part of Terraform. */
  readonly provider?: ProviderSource;
}

/** The content of a resource. */
export interface ResourceContent {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly provisioner: Provisioner;
  /** Terraform ignores a comment, so a change of it plans nothing. Plan files keep it. */
  readonly comment?: object;
}

/** A provider as the classes that `cdktf get` generates describe it. */
export interface ProviderSource {
  /** Name of the provider, and of its blocks. */
  readonly name: string;
  readonly source: string;
  readonly version: string;
  readonly versionConstraint: string;
}

/**
 * Adds an element with blocks of its own. `render` is called several times at synthesis, before any file is written.
 */
export const addElement = (scope: Construct, id: string, render: () => object): IConstruct =>
  new (getElements(scope).Element)(scope, id, render);

/** Adds a resource. `render` is called several times at synthesis, before any file is written. */
export function addResource(scope: Construct, id: string, header: ResourceHeader, render: () => ResourceContent): void {
  const { Resource } = getElements(scope);
  new Resource(scope, id, header, render).overrideLogicalId(header.logicalId);
}

/**
 * Adds the default configuration of a provider to the stack of `scope`, once for an `id`. It is left out if the user's
 * stack has another one, made before or after this.
 */
export function addDefaultProvider(scope: Construct, id: string, source: ProviderSource): void {
  const stack = findStack(scope);
  if (stack && !stack.node.tryFindChild(id)) new (getElements(stack).DefaultProvider)(stack, id, source);
}

export const addWarning = (scope: IConstruct, text: string): void =>
  getElements(scope).framework.Annotations.of(scope).addWarning(text);

/** Returns the folder of the app's output, as the app has it. */
export const getOutputFolder = (scope: IConstruct): string => getElements(scope).framework.App.of(scope).outdir;

/**
 * Creates the error for HCL output. HCL of the frameworks lacks `removed` blocks and escapes by other rules, so
 * Terraform would read another text than the proven one.
 */
const createJsonOnlyError = (): Error =>
  new Error('cpanel-edge is synthesized as JSON only. Instead: no hclOutput in the App, and no SYNTH_HCL_OUTPUT.');

type Elements = ReturnType<typeof createElements>;

/** Returns the classes of elements as subclasses of the framework's. */
function createElements(framework: Framework) {
  class Element extends framework.TerraformElement {
    constructor(
      scope: Construct,
      id: string,
      private readonly render: () => object,
    ) {
      super(scope, id);
    }

    override toTerraform(): object {
      return this.render();
    }

    override toHclTerraform(): object {
      this.render();
      throw createJsonOnlyError();
    }
  }

  class Resource extends framework.TerraformResource {
    constructor(
      scope: Construct,
      id: string,
      { type, lifecycle, provider }: ResourceHeader,
      private readonly render: () => ResourceContent,
    ) {
      super(scope, id, {
        terraformResourceType: type,
        ...(lifecycle ? { lifecycle } : {}),
        ...(provider ? { terraformGeneratorMetadata: toGeneratorMetadata(provider) } : {}),
      });
    }

    override toTerraform(): object {
      const { provisioner, comment } = this.render();
      if (comment) this.addOverride('//', comment);
      this.provisioners = [provisioner];
      return super.toTerraform() as object;
    }

    protected override synthesizeAttributes(): Record<string, unknown> {
      return { ...this.render().attributes };
    }
  }

  class DefaultProvider extends framework.TerraformProvider {
    constructor(scope: Construct, id: string, provider: ProviderSource) {
      super(scope, id, {
        terraformResourceType: provider.name,
        terraformGeneratorMetadata: toGeneratorMetadata(provider),
        terraformProviderSource: provider.source,
      });
    }

    override toTerraform(): object {
      const otherProviders = framework.TerraformStack.of(this)
        .allProviders()
        .filter(
          (provider) =>
            provider !== this &&
            provider.terraformResourceType === this.terraformResourceType &&
            provider.alias === undefined,
        );
      return otherProviders.length > 0 ? {} : (super.toTerraform() as object);
    }
  }

  return { framework, Element, Resource, DefaultProvider };
}

const toGeneratorMetadata = ({ name, version, versionConstraint }: ProviderSource) => ({
  providerName: name,
  providerVersion: version,
  providerVersionConstraint: versionConstraint,
});
