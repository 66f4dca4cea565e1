import './base.css';
import './explorer.css';
import './roles.css';
import './dashboard.css';
