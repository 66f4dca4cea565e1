// Stands in for style sheets and icons that the bundler would read.
module.exports = '';
