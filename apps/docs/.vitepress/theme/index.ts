import Theme from 'vitepress/theme-without-fonts';
import './style.css';

/** VitePress' own, in the system's fonts and the widget's colours. */
export default Theme;
