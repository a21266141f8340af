// Small pictures for buttons, drawn with lines.

const PATHS = {
  open: 'M2 13V4h4l1.5 2H14v7z',
  undo: 'M6 3L2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 010 7H7',
  redo: 'M10 3l3.5 3.5L10 10M13.5 6.5H6a3.5 3.5 0 000 7h3',
  save: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  link: 'M6.5 9.5l3-3M7 4.5l1.2-1.2a3 3 0 014.3 4.3L11.2 9M9 11.5l-1.2 1.2a3 3 0 01-4.3-4.3L4.8 7',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.5 10.5L14 14',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  help: 'M5.5 6a2.5 2.5 0 113.7 2.2C8.3 8.7 8 9.2 8 10M8 12.6v.4',
  back: 'M10 3L5 8l5 5',
} as const

export type IconName = keyof typeof PATHS

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={PATHS[name]} /></svg>
)

interface IconButtonProps {
  readonly name: IconName
  readonly label: string
  readonly onClick: () => void
  readonly disabled?: boolean
}

/** A button with a picture alone; its name is read out, and shown to who points at it. */
export const IconButton = ({ name, label, onClick, disabled = false }: IconButtonProps) => (
  <button type="button" class="tool" aria-label={label} title={label} disabled={disabled} onClick={onClick}><Icon name={name} /></button>
)
