import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `vite build editor` writes what the server serves at `/`; `vite editor` serves it beside a server that runs. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The strict content security policy takes scripts from files only.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // React Flow's one module makes its components with these as it is loaded: those that nobody draws stay out.
    rolldownOptions: { treeshake: { manualPureFunctions: ['memo', 'forwardRef'] } },
  },
  server: { proxy: { '/api': 'http://localhost:3000', '/hooks': 'http://localhost:3000' } },
})
