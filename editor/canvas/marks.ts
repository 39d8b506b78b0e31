/** What a card says beside its node: what is to be mended, and what became of it in the shown run or on the sample. */
import type { Run, Step } from '../../nodes/contract/api.ts'
import type { Graph, GraphEdge, Problem } from '../../nodes/contract/graph.ts'
import type { PreviewStep } from '../inspector/preview.ts'
import { plural } from '../parts/words.ts'
import { portOfEdge, typeOf } from '../parts/node-words.ts'

export interface Outcome {
  readonly state: 'running' | 'succeeded' | 'failed' | 'waiting'
  /** How often it ran or tried; 1 is not shown. */
  readonly count: number
  readonly text: string
  /** The port that the message left by. */
  readonly port: string | undefined
}

export interface Mark {
  readonly problems: readonly string[]
  readonly outcome: Outcome | undefined
  /** A shown run did not come here. */
  readonly aside: boolean
}

export const noMark: Mark = { problems: [], outcome: undefined, aside: false }
const asideOnly: Mark = { ...noMark, aside: true }
const running: Outcome = { state: 'running', count: 1, text: 'Running', port: undefined }

export interface Seen {
  readonly problems: readonly Problem[]
  readonly run: Run | undefined
  /** The nodes at work in the run. */
  readonly atWork: ReadonlySet<string>
  readonly preview: ReadonlyMap<string, PreviewStep>
}

/** Marks by node id. One that says what it said before is the same object, so that its card is not drawn again. */
export function createMarks(): (graph: Graph, seen: Seen) => ReadonlyMap<string, Mark> {
  let before: ReadonlyMap<string, Mark> = new Map()
  return (graph, seen) => (before = marksOf(graph, seen, before))
}

function marksOf(
  graph: Graph,
  { problems, run, atWork, preview }: Seen,
  before: ReadonlyMap<string, Mark>,
): ReadonlyMap<string, Mark> {
  const found = Map.groupBy(problems, ({ nodeId }) => nodeId)
  const steps = run && Map.groupBy(run.steps, ({ nodeId }) => nodeId)
  return new Map(
    graph.nodes.map(({ id, type }) => {
      const ran = steps?.get(id)
      const previewed = preview.get(id)
      const inRun = ran ? runOutcome(ran) : atWork.has(id) ? running : undefined
      const outcome = steps ? inRun : previewed && previewOutcome(previewed, type)
      const texts = (found.get(id) ?? []).map(({ message }) => message)
      const aside = steps !== undefined && inRun === undefined
      return [id, kept(before.get(id), { problems: texts, outcome, aside })]
    }),
  )
}

function kept(before: Mark | undefined, mark: Mark): Mark {
  if (mark.problems.length === 0 && mark.outcome === undefined) return mark.aside ? asideOnly : noMark
  return before !== undefined && JSON.stringify(mark) === JSON.stringify(before) ? before : mark
}

function runOutcome(steps: readonly Step[]): Outcome {
  const worst =
    steps.find(({ state }) => state === 'failed') ??
    steps.find(({ state }) => state === 'waiting') ??
    steps.at(-1)
  const tries = Math.max(...steps.map(({ attempts }) => attempts.length), 0)
  const state = worst?.state ?? 'succeeded'
  const often = steps.length > 1 ? plural(steps.length, 'item') : tries > 1 ? plural(tries, 'attempt') : ''
  const said = words[state](worst?.error?.message)
  return {
    state,
    count: steps.length > 1 ? steps.length : tries,
    text: often === '' ? said : `${said} · ${often}`,
    port: worst?.port ?? undefined,
  }
}

/** What became of a step, with the message of its error. A step that succeeded by its failure port has one too. */
const words: Readonly<Record<Step['state'], (error: string | undefined) => string>> = {
  succeeded: () => 'Succeeded',
  waiting: (error) => (error === undefined ? 'Waiting' : `Waiting to try again: ${error}`),
  failed: (error) => error ?? 'Failed',
}

/** That a pure node works on the sample is what is expected: only decisions and errors are worth a mark. */
function previewOutcome({ state, port, error }: PreviewStep, type: string): Outcome | undefined {
  if (state === 'failed') {
    return { state, count: 1, text: error?.message ?? 'It fails on this sample.', port: undefined }
  }
  if (state === 'skipped' || port === null || typeOf(type)?.role !== 'decides') return undefined
  return { state, count: 1, text: `On this sample: ${port}`, port }
}

/** The edges that a message crossed in the run; `undefined` when no run is shown. */
export function passedEdges(
  graph: Graph,
  { run, atWork }: Pick<Seen, 'run' | 'atWork'>,
): ReadonlySet<string> | undefined {
  if (run === undefined) return undefined
  const ran = Map.groupBy(run.steps, ({ nodeId }) => nodeId)
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const passed = (edge: GraphEdge) => {
    const source = nodes.get(edge.source)
    const port = source && portOfEdge(edge, source)
    const came = ran.has(edge.target) || atWork.has(edge.target)
    return came && (ran.get(edge.source) ?? []).some((step) => step.port === port)
  }
  return new Set(graph.edges.filter(passed).map(({ id }) => id))
}
