// Line icons on a grid of 24, drawn in the colour of the text beside them.

const paths = {
  home: "M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5",
  chat: "M5 5h14v11H10l-4 4v-4H5z",
  persona: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M5 20c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5",
  approval: "M12 3l7 3v5c0 4.5-2.9 8-7 10-4.1-2-7-5.5-7-10V6zM9 12l2.2 2.2L15.5 10",
  flow: "M6 4h5v5H6zM13 15h5v5h-5zM8.5 9v3.5a2 2 0 0 0 2 2h5M15.5 12.5v2.5",
  contacts: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3 20c.4-3.5 2.8-5.5 6-5.5s5.6 2 6 5.5M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.8c1.7.8 2.8 2.6 3 5.2",
  loyalty: "M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.3 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z",
  marketing: "M4 10v4h3l8 4V6l-8 4zM18 9.5a4 4 0 0 1 0 5M8 14.5l1.5 5h2",
  insights: "M5 20V10M12 20V4M19 20v-7M3 20h18",
  integrations: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  audit: "M7 3h8l4 4v14H7zM15 3v4h4M10 12h6M10 16h6",
  settings: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M19 12l2-1-1.5-3.5-2.2.5a7 7 0 0 0-1.4-1.4L16.5 4.5 13 3l-1 2-1-2-3.5 1.5.6 2.1A7 7 0 0 0 6.7 8L4.5 7.5 3 11l2 1-2 1 1.5 3.5 2.2-.5a7 7 0 0 0 1.4 1.4l-.6 2.1L11 21l1-2 1 2 3.5-1.5-.6-2.1a7 7 0 0 0 1.4-1.4l2.2.5L21 13z",
  sort: "M8 5v14M4.5 15.5 8 19l3.5-3.5M16 19V5M12.5 8.5 16 5l3.5 3.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5 20 20",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  more: "M5.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M17.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5 10 17 19 7",
  warn: "M12 4 2.5 20h19zM12 10v4.5M12 17.3v.01",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5M12 8v.01",
  copy: "M9 9h10v11H9zM15 9V5H5v11h4",
  down: "M6 9.5l6 6 6-6",
  right: "M9.5 6l6 6-6 6",
  left: "M14.5 6l-6 6 6 6",
  external: "M14 5h5v5M19 5l-8 8M11 6H5v13h13v-6",
  play: "M8 5.5v13l10-6.5z",
  pause: "M8.5 5v14M15.5 5v14",
  stop: "M7 7h10v10H7z",
  retry: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  undo: "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  edit: "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3",
  key: "M14.5 13a4.5 4.5 0 1 0-4.2-3L4 16.5V20h3.5v-2H10v-2.5h2l1.2-1.3M15.8 8.2v.01",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7.5V12l3 2",
  mail: "M4 6h16v12H4zM4.5 7l7.5 6 7.5-6",
  gift: "M4 9h16v4H4zM6 13v7h12v-7M12 9v11M12 9C9.5 9 7.5 8 7.5 6S10.5 4 12 9c1.5-5 4.5-5 4.5-3S14.5 9 12 9",
  card: "M4 6h16v12H4zM4 10h16M7.5 14.5h4",
  ticket: "M4 7h16v3.5a2 2 0 0 0 0 3.5V17H4v-3a2 2 0 0 0 0-3.5zM14 7v2M14 11v2M14 15v2",
  calendar: "M5 6h14v14H5zM5 10h14M9 4v3M15 4v3",
  form: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
  download: "M12 4v11M7.5 11l4.5 4.5L16.5 11M5 20h14",
  upload: "M12 15V4M7.5 8.5 12 4l4.5 4.5M5 20h14",
  shield: "M12 3l7 3v5c0 4.5-2.9 8-7 10-4.1-2-7-5.5-7-10V6z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M3 12h18M12 3c2.5 2.5 3.7 5.5 3.7 9s-1.2 6.5-3.7 9c-2.5-2.5-3.7-5.5-3.7-9S9.5 5.5 12 3",
  tool: "M14.5 6.5a4 4 0 0 0 5 5L10 21l-3.5-3.5 9.5-9.5M14.5 6.5 17 4a4 4 0 0 0-5.5 5L3.5 17",
  split: "M12 4v5M12 9l-6 5v6M12 9l6 5v6",
  product: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  segment: "M12 3v9l7.5 4.5A9 9 0 1 1 12 3M15 3.5A9 9 0 0 1 20.8 12H15z",
  star: "M12 4l2.5 5.2 5.5.8-4 4 1 5.5-5-2.7-5 2.7 1-5.5-4-4 5.5-.8z",
} as const;

export type IconName = keyof typeof paths;

/** Says nothing to those who do not see it: the text beside it, or the button's label, does. */
export function Icon({ name, className = "size-5" }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.7} strokeLinecap="round"
         strokeLinejoin="round" aria-hidden="true" className={`shrink-0 ${className}`}>
      <path d={paths[name]} />
    </svg>
  );
}
