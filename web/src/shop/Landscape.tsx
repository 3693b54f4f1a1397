/** The picture of the shop: a lake between hills, by day or by night as the browser's scheme says. */
export function Landscape({ className = "" }: { className?: string }) {
  return (
    <svg viewBox="0 0 640 460" preserveAspectRatio="xMidYMax slice" aria-hidden="true" className={className}>
      <defs>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--sky)" />
          <stop offset="1" stopColor="var(--sky-low)" />
        </linearGradient>
      </defs>
      <rect width="640" height="460" fill="url(#sky)" />
      <circle cx="452" cy="132" r="46" fill="var(--sun)" />
      <g fill="none" stroke="var(--ink)" strokeOpacity="0.35" strokeWidth="2.4" strokeLinecap="round">
        <path d="M236 96q8-9 16 0q8-9 16 0" />
        <path d="M284 124q6-7 12 0q6-7 12 0" />
        <path d="M206 132q5-6 10 0q5-6 10 0" />
      </g>
      <path fill="var(--hill-far)" d="M0 262 84 196l52 34 96-92 74 78 58-42 92 88 70-54 114 74v100H0Z" />
      <path fill="var(--hill-mid)" d="M0 296 96 244l70 40 108-66 92 74 84-36 92 50 98-40v90H0Z" />
      <path fill="var(--lake)" d="M0 326h640v134H0Z" />
      <g stroke="var(--surface)" strokeOpacity="0.5" strokeWidth="3" strokeLinecap="round">
        <path d="M388 350h94M420 364h120M356 378h70M462 392h64" />
        <path d="M120 352h60M84 368h84" />
      </g>
      <path fill="var(--hill-near)" d="M0 320c60-10 124-8 176 4 40 10 74 14 60 26-28 22-120 20-236 24Z" />
      <path fill="var(--hill-near)" d="M640 334c-52-14-96-8-118 6-16 12 30 20 118 24Z" />
      <g fill="var(--ground)">
        <path d="M58 356l22-62 22 62ZM64 332l16-46 16 46Z" />
        <path d="M104 362l18-50 18 50ZM109 342l13-38 13 38Z" />
        <path d="M26 352l15-42 15 42Z" />
        <path d="M0 380c92-26 210-16 306 12s214 30 334-2v70H0Z" />
      </g>
      <g>
        <path fill="var(--sun)" d="M372 404l44-58 44 58Z" />
        <path fill="var(--surface)" fillOpacity="0.55" d="M416 346l44 58h-34Z" />
        <path fill="var(--ground)" d="M404 404l12-26 10 26Z" />
      </g>
    </svg>
  );
}

/** The mark of the shop. */
export function Mark({ className = "" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path d="M5 20.5 11.5 11l4.2 6 3-4.2L27 20.5" fill="none" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M6 24.8h20" stroke="var(--on-accent)" strokeOpacity="0.6" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
