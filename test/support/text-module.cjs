// Stands in for style sheets and icons that the bundler would read. Not empty: an icon must have a picture.
module.exports = '<svg xmlns="http://www.w3.org/2000/svg"/>';
