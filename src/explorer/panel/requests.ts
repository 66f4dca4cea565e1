export { consoleCommand, consoleCommands } from '../../elasticsearch/console';
export { isFailed, MOST_KEPT } from '../../elasticsearch/request-log';
